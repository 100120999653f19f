#!/usr/bin/env node
// Opens, makes and refuses what docs/encryption-vectors.json holds, sharing no code with the service.
//
//     node docs/verify_vectors.mjs [FILE]
//
// Exit status: 0 every vector holds, 1 one does not. Needs Node 18 or newer and nothing else.
// Formats: docs/encryption.md. HKDF is RFC 5869, AES-256-GCM NIST SP 800-38D, HMAC RFC 2104.

import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from "node:crypto";
import { readFileSync } from "node:fs";

const VERSION = 2;
const SELECTOR = 3, NONCE = 11, SEALED = 23, TAG = 16;

class Refused extends Error {}

const hex = (text) => Buffer.from(text, "hex");
const utf8 = (text) => Buffer.from(text, "utf8");

/** Each part behind its length in 4 bytes. */
function framed(...parts) {
  return Buffer.concat(parts.flatMap((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return [length, part];
  }));
}

function header(keyId) {
  return Buffer.from([VERSION, keyId >> 8, keyId & 255]);
}

function derived(ring, purpose, table, column, keyId) {
  const key = ring[keyId];
  if (key === undefined) throw new Refused("UnknownKey");
  const info = framed(...["gatehouse field keys 1", purpose, table, column].map(utf8));
  return Buffer.from(hkdfSync("sha256", hex(key), Buffer.alloc(0), info, 32));
}

/** HKDF-Expand alone, of one block: the column's key is uniform already. */
function messageKey(ring, { table, column }, keyId, selector) {
  const columnKey = derived(ring, "encrypt", table, column, keyId);
  return createHmac("sha256", columnKey).update(selector).update(Buffer.from([1])).digest();
}

function bound(selected, { table, column, row_id: row }) {
  return Buffer.concat([selected, framed(utf8(table), utf8(column)), hex(row)]);
}

function seal(ring, place, keyId, selector, nonce, plaintext) {
  const selected = Buffer.concat([header(keyId), selector]);
  const cipher = createCipheriv("aes-256-gcm", messageKey(ring, place, keyId, selector), nonce);
  cipher.setAAD(bound(selected, place));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([selected, nonce, sealed, cipher.getAuthTag()]);
}

function open(ring, place, envelope) {
  if (envelope.length < SEALED + TAG) throw new Refused("MalformedEnvelope");
  if (envelope[0] !== VERSION) throw new Refused("UnknownVersion");
  const selector = envelope.subarray(SELECTOR, NONCE);
  const key = messageKey(ring, place, envelope.readUInt16BE(1), selector);
  const options = { authTagLength: TAG };
  const cipher = createDecipheriv("aes-256-gcm", key, envelope.subarray(NONCE, SEALED), options);
  cipher.setAAD(bound(envelope.subarray(0, NONCE), place));
  cipher.setAuthTag(envelope.subarray(-TAG));
  try {
    return Buffer.concat([cipher.update(envelope.subarray(SEALED, -TAG)), cipher.final()]);
  } catch {
    throw new Refused("NotAuthentic");
  }
}

/** The plaintext that stands for a value of each type. */
const PLAINTEXT = {
  text: utf8,
  bytes: hex,
  date: utf8,
  json: (value) => utf8(JSON.stringify(value)),
  // 11 digits, two of them decimals: a sign or a zero, then as wide as any such number.
  decimal(value) {
    const number = value === "1E2" ? "100" : value;
    const sign = number.startsWith("-") && Number(number) !== 0 ? "-" : "";
    const [whole, decimals = ""] = number.replace("-", "").split(".");
    const digits = `${whole}.${decimals.padEnd(2, "0")}`;
    return utf8(sign + digits.padStart(14 - sign.length, "0"));
  },
};

const plain = (text) => text.normalize("NFKC").replace(/\p{Cf}/gu, "").trim();
const bare = (text) => text.replace(/[\s().\-\u2010-\u2015\u2212/]/gu, "");
const matching = (pattern, text) => (pattern.test(text) ? text : null);
// Case folding, letter by letter: through the capital, so that ß becomes ss.
const folded = (text) => [...text].map((c) => c.toUpperCase().toLowerCase()).join("");

const NORMAL_FORM = {
  e164: (text) => matching(/^\+[1-9][0-9]{6,14}$/, bare(plain(text).replace(/\(\s*0\s*\)/gu, ""))),
  "national-id": (text) => matching(/^[0-9A-Za-z]{2,32}$/, bare(plain(text)))?.toUpperCase() ?? null,
  email: (text) => matching(/^[^\s@]+@[^\s@]+$/u, folded(plain(text)).normalize("NFKC")),
};

function blindIndex(ring, { table, column, key_id: keyId, kind, bits, text }) {
  const key = derived(ring, "blind-index", table, column, keyId);
  const mac = createHmac("sha256", key).update(framed(utf8(kind), utf8(NORMAL_FORM[kind](text)))).digest();
  const kept = Buffer.from(mac.subarray(0, Math.ceil(bits / 8)));
  kept[kept.length - 1] &= 0xff << (kept.length * 8 - bits);
  return Buffer.concat([header(keyId), kept]);
}

let checked = 0;
const failed = [];

function check(what, actual, expected) {
  checked += 1;
  const [one, other] = [actual, expected].map((v) => (Buffer.isBuffer(v) ? v.toString("hex") : v));
  if (one !== other) failed.push(`${what}: ${one}, not ${other}`);
}

const file = process.argv[2] ?? new URL("encryption-vectors.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8"));
const { ring } = vectors;

for (const one of vectors.derived_keys) {
  const { purpose, table, column, key_id: keyId } = one;
  check(`key for ${purpose} in ${table}.${column}`, derived(ring, purpose, table, column, keyId), hex(one.key));
}
for (const one of vectors.envelopes) {
  const envelope = hex(one.envelope);
  check(`open ${one.table}.${one.column}`, open(ring, one, envelope), hex(one.plaintext));
  const [selector, nonce] = [hex(one.selector), hex(one.nonce)];
  check(`seal ${one.table}.${one.column}`, seal(ring, one, one.key_id, selector, nonce, hex(one.plaintext)), envelope);
}
for (const one of vectors.refused_envelopes) {
  let refusal = "opened";
  try {
    open(ring, one, hex(one.envelope));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refusal = error.message;
  }
  check(one.what, refusal, one.refusal);
}
for (const one of vectors.row_ids) {
  const bytes = one.key === "uuid" ? hex(one.value.replaceAll("-", "")) : utf8(one.value);
  check(`row id of a ${one.key}`, bytes, hex(one.bytes));
}
for (const one of vectors.values) {
  check(`plaintext of ${one.type} ${JSON.stringify(one.value)}`, PLAINTEXT[one.type](one.value), hex(one.plaintext));
}
for (const one of [...vectors.normal_forms, ...vectors.without_normal_form]) {
  check(`${one.kind} ${JSON.stringify(one.text)}`, NORMAL_FORM[one.kind](one.text), one.form ?? null);
}
for (const one of vectors.blind_indexes) {
  check(`${one.bits} bits of ${one.kind} ${one.text}`, blindIndex(ring, one), hex(one.index));
}

for (const line of failed) console.error(line);
console.log(`${checked - failed.length} of ${checked} vectors hold.`);
process.exitCode = failed.length || !checked ? 1 : 0;
