import {
  CompactEncrypt,
  calculateJwkThumbprint,
  compactDecrypt,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';
import { algorithm } from './access-token.ts';
import type { TokenKeyRow } from './token-keys.repository.ts';

/** Makes a key pair in its stored form: the public key as it is published, the private key encrypted under `secret`. */
export async function newKeyPair(secret: Uint8Array): Promise<Omit<TokenKeyRow, 'createdAt'>> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { crv: 'Ed25519', extractable: true });
  const { kty, crv, x } = (await exportJWK(publicKey)) as TokenKeyRow['publicKey'];
  const kid = await calculateJwkThumbprint({ kty, crv, x });
  const bytes = new TextEncoder().encode(JSON.stringify(await exportJWK(privateKey)));
  const encryptedPrivateKey = await new CompactEncrypt(bytes)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(secret);
  return { kid, publicKey: { kty, crv, x }, encryptedPrivateKey };
}

/** Decrypts a private key. @throws when it was encrypted under another secret. */
export async function openPrivateKey(encrypted: string, secret: Uint8Array): Promise<CryptoKey> {
  const { plaintext } = await compactDecrypt(encrypted, secret);
  return await importKey(JSON.parse(new TextDecoder().decode(plaintext)));
}

export async function importKey(jwk: JWK): Promise<CryptoKey> {
  return (await importJWK(jwk, algorithm)) as CryptoKey;
}
