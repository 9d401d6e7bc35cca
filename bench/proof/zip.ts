import { crc32 } from 'node:zlib';

const header = (size: number, write: (view: DataView) => void): Buffer => {
  const buffer = Buffer.alloc(size);
  write(new DataView(buffer.buffer, buffer.byteOffset, size));
  return buffer;
};

/** The fields that stand alike in the header of a file and in the directory: time, sum, sizes, length of the name. */
function common(view: DataView, at: number, content: Buffer, name: Buffer): void {
  view.setUint16(at, 20, true);
  // The first day that the format knows.
  view.setUint16(at + 8, 0x21, true);
  view.setUint32(at + 10, crc32(content), true);
  view.setUint32(at + 14, content.length, true);
  view.setUint32(at + 18, content.length, true);
  view.setUint16(at + 22, name.length, true);
}

/** A zip archive of files by path, stored as they are; the same files always give the same bytes. */
export function zip(files: ReadonlyMap<string, Buffer>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of files) {
    const name = Buffer.from(path);
    const local = header(30, (view) => {
      view.setUint32(0, 0x04034b50, true);
      common(view, 4, content, name);
    });
    directory.push(header(46, (view) => {
      view.setUint32(0, 0x02014b50, true);
      // Made on Unix, where a file's mode stands in the upper half of the attributes.
      view.setUint16(4, (3 << 8) | 20, true);
      common(view, 6, content, name);
      view.setUint32(38, 0o100644 * 65_536, true);
      view.setUint32(42, offset, true);
    }), name);
    parts.push(local, name, content);
    offset += local.length + name.length + content.length;
  }
  const length = directory.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const end = header(22, (view) => {
    view.setUint32(0, 0x06054b50, true);
    view.setUint16(8, files.size, true);
    view.setUint16(10, files.size, true);
    view.setUint32(12, length, true);
    view.setUint32(16, offset, true);
  });
  return Buffer.concat([...parts, ...directory, end]);
}
