import nodemailer, { type Transporter } from 'nodemailer';

/** The SMTP server. A mail that it does not take in time is tried again by its job. */
export function openMailer(url: string): Transporter {
  return nodemailer.createTransport({
    url,
    // The development sink speaks no TLS.
    ignoreTLS: true,
    connectionTimeout: 1_000,
    greetingTimeout: 2_000,
    socketTimeout: 5_000,
    dnsTimeout: 1_000,
  });
}
