CREATE TABLE "behaviour" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"mode" text NOT NULL,
	"delay_ms" integer DEFAULT 0 NOT NULL,
	"calls" integer,
	CONSTRAINT "behaviour_one_row" CHECK ("behaviour"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"order_id" uuid PRIMARY KEY NOT NULL,
	"status" text NOT NULL,
	"captured_cents" integer DEFAULT 0 NOT NULL,
	"refunded_cents" integer DEFAULT 0 NOT NULL,
	"reference" text NOT NULL,
	"capture_attempts" integer DEFAULT 0 NOT NULL,
	"refund_attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payments_reference_unique" UNIQUE("reference"),
	CONSTRAINT "payments_refund_within_capture" CHECK ("payments"."refunded_cents" <= "payments"."captured_cents")
);
