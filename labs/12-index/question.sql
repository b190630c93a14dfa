SELECT id, number, status, total_cents, placed_at FROM lab.orders WHERE customer_id = md5(:customer::text)::uuid ORDER BY placed_at DESC, id DESC LIMIT 21
