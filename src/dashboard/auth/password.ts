import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { ToolboxError } from '../../base/index.js';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** Cost as OWASP asks for: 128 MiB would hurt small machines, 32 MiB with three rounds is as hard. */
const N = 2 ** 15;
const R = 8;
const P = 3;
const LENGTH = 32;
const SHORTEST = 8;

/** A password made fit for keeping: `scrypt$N$r$p$salt$hash`. @throws CONFIG_INVALID when it is too short */
export async function hashPassword(password: string): Promise<string> {
  if (password.length < SHORTEST)
    throw new ToolboxError('CONFIG_INVALID', `a password has at least ${SHORTEST} characters`);
  const salt = randomBytes(16);
  const hash = await derived(password, salt, N, R, P);
  return ['scrypt', N, R, P, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** A hash nothing fits, so that an unknown name takes as long as a wrong password. */
const NOBODY = `scrypt$${N}$${R}$${P}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Compares in constant time; false for any text that is no hash of ours. */
export async function fitsPassword(password: string, kept: string | undefined): Promise<boolean> {
  const [scheme, n, r, p, salt, hash] = (kept ?? NOBODY).split('$');
  if (scheme !== 'scrypt' || salt === undefined || hash === undefined) return false;
  const wanted = Buffer.from(hash, 'base64url');
  const found = await derived(password, Buffer.from(salt, 'base64url'), Number(n), Number(r), Number(p));
  return wanted.length === found.length && timingSafeEqual(wanted, found) && kept !== undefined;
}

const derived = (password: string, salt: Buffer, n: number, r: number, p: number): Promise<Buffer> =>
  derive(password.normalize('NFKC'), salt, LENGTH, { N: n, r, p, maxmem: 256 * n * r });
