const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;

/** What an id looks like; anything else never reaches the database. */
export const REQUEST_ID_PATTERN = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/**
 * Makes an id of 26 characters that sorts by time and is valid as a part of a DNS name:
 * 48 bits of time and 80 random bits in Crockford's base 32, as ULIDs are (https://github.com/ulid/spec),
 * in lower case.
 *
 * @param nowMs - epoch milliseconds
 * @param random - 10 random bytes
 */
export function createRequestId(nowMs: number, random: Uint8Array): string {
  let time = '';
  for (let rest = nowMs, i = 0; i < TIME_LENGTH; i++) {
    time = ALPHABET[rest % 32] + time;
    rest = Math.floor(rest / 32);
  }
  let bits = 0n;
  for (const byte of random.subarray(0, 10)) {
    bits = bits * 256n + BigInt(byte);
  }
  return (
    time +
    bits.toString(32).padStart(RANDOM_LENGTH, '0').replace(/./g, toCrockford)
  );
}

function toCrockford(digit: string): string {
  return ALPHABET[parseInt(digit, 32)];
}
