// Files that are small, and unpack to more than any machine has: made here, byte by byte.

import { crc32, deflateRawSync, gzipSync } from "node:zlib";

const MIB = 1 << 20;

/** A workbook with a sheet of so many blanks. */
export function workbook(mebibytes) {
  const sheet = Buffer.concat([Buffer.from("<worksheet><sheetData>"), Buffer.alloc(mebibytes * MIB, " ")]);
  return zip("xl/worksheets/sheet1.xml", sheet);
}

/** A zip with one part. */
function zip(name, bytes) {
  const packed = deflateRawSync(bytes);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32(bytes), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(bytes.length, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), packed]);
  const central = Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), common, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from("PK\x05\x06"), end]);
}

/** A Parquet file with one text of so many mebibytes, in a page that is packed with gzip. */
export function parquet(column, mebibytes) {
  const page = Buffer.alloc(4 + mebibytes * MIB, "a");
  page.writeUInt32LE(mebibytes * MIB, 0);
  const packed = gzipSync(page, { level: 1 });
  const header = struct([
    [1, i32(0)],
    [2, i32(page.length)],
    [3, i32(packed.length)],
    [5, [12, struct([[1, i32(1)], [2, i32(0)], [3, i32(3)], [4, i32(3)]])]],
  ]);
  const start = 4;
  const size = header.length + packed.length;
  const chunk = struct([
    [1, i32(6)],
    [2, list(5, [varint(0)])],
    [3, list(8, [text(column)])],
    [4, i32(2)],
    [5, i64(1)],
    [6, i64(page.length + header.length)],
    [7, i64(size)],
    [9, i64(start)],
  ]);
  const group = struct([
    [1, list(12, [struct([[2, i64(start)], [3, [12, chunk]]])])],
    [2, i64(page.length)],
    [3, i64(1)],
  ]);
  const root = struct([[4, [8, text("schema")]], [5, i32(1)]]);
  const leaf = struct([[1, i32(6)], [3, i32(0)], [4, [8, text(column)]], [6, i32(0)]]);
  const footer = struct([[1, i32(1)], [2, list(12, [root, leaf])], [3, i64(1)], [4, list(12, [group])]]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  const magic = Buffer.from("PAR1");
  return Buffer.concat([magic, header, packed, footer, length, magic]);
}

// Thrift's compact protocol, as far as Parquet's footer needs it: a field is `[id, [type, bytes]]`.

function struct(fields) {
  let last = 0;
  const parts = [];
  for (const [id, [type, bytes]] of fields) {
    parts.push(Buffer.from([((id - last) << 4) | type]), bytes);
    last = id;
  }
  return Buffer.concat([...parts, Buffer.from([0])]);
}

function list(type, all) {
  return [9, Buffer.concat([Buffer.from([(all.length << 4) | type]), ...all])];
}

function text(value) {
  return Buffer.concat([plain(BigInt(value.length)), Buffer.from(value)]);
}

function i32(value) {
  return [5, varint(value)];
}

function i64(value) {
  return [6, varint(value)];
}

/** A whole number, signs folded in. */
function varint(value) {
  return plain(BigInt(value) * 2n);
}

function plain(value) {
  const bytes = [];
  let left = value;
  while (left > 127n) {
    bytes.push(Number(left & 127n) | 128);
    left >>= 7n;
  }
  return Buffer.from([...bytes, Number(left)]);
}
