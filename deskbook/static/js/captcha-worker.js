// Finds the number whose SHA-256 with the salt is the challenge. SHA-256 (FIPS 180-4) is written out here: the browser's
// own is asynchronous, which costs more than the hash itself, and is missing on addresses without https.
const primes = (count) => {
  const found = [];
  for (let n = 2; found.length < count; n += 1) if (found.every((p) => n % p)) found.push(n);
  return found;
};
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
const K = Int32Array.from(primes(64), (p) => fraction(Math.cbrt(p)));
const START = Int32Array.from(primes(8), (p) => fraction(Math.sqrt(p)));
const turn = (x, n) => (x >>> n) | (x << (32 - n));

function block(state, bytes, from, w) {
  for (let i = 0; i < 16; i += 1)
    w[i] =
      (bytes[from + 4 * i] << 24) |
      (bytes[from + 4 * i + 1] << 16) |
      (bytes[from + 4 * i + 2] << 8) |
      bytes[from + 4 * i + 3];
  for (let i = 16; i < 64; i += 1) {
    const a = w[i - 15],
      b = w[i - 2];
    w[i] =
      (w[i - 16] +
        (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) +
        w[i - 7] +
        (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) |
      0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const one =
      (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => {
    state[i] = (state[i] + value) | 0;
  });
}

function digest(text, w) {
  const plain = new TextEncoder().encode(text);
  const bytes = new Uint8Array(((plain.length + 8) >> 6) * 64 + 64);
  bytes.set(plain);
  bytes[plain.length] = 0x80;
  new DataView(bytes.buffer).setUint32(bytes.length - 4, plain.length * 8);
  const state = Int32Array.from(START);
  for (let from = 0; from < bytes.length; from += 64) block(state, bytes, from, w);
  return state;
}

onmessage = ({ data }) => {
  const wanted = Int32Array.from(data.challenge.match(/.{8}/g), (part) => parseInt(part, 16) | 0);
  const w = new Int32Array(64);
  for (let number = 0; number <= data.maxNumber; number += 1) {
    const found = digest(data.salt + number, w);
    if (found.every((value, i) => value === wanted[i])) {
      postMessage(number);
      return;
    }
  }
  postMessage(null);
};
