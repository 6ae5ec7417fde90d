/** An entry of an archive; everything in an image belongs to root unless it says otherwise. */
export interface TarEntry {
  path: string;
  mode: number;
  content?: Buffer;
  /** Makes the entry a symbolic link. */
  linkTarget?: string;
  directory?: boolean;
  owner?: number;
}

const BLOCK = 512;

/** Writes a POSIX ustar archive. The same entries always give the same bytes. */
export function writeTar(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(entry => {
    const content = entry.content ?? Buffer.alloc(0);
    const padding = (BLOCK - (content.length % BLOCK)) % BLOCK;
    return [header(entry, content.length), content, Buffer.alloc(padding)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(entry: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const text = (value: string, offset: number, length: number) => {
    if (Buffer.byteLength(value) > length) {
      throw new Error(`'${value}' is too long for an archive`);
    }
    block.write(value, offset, 'utf8');
  };
  const octal = (value: number, offset: number, length: number) =>
    text(value.toString(8).padStart(length - 1, '0'), offset, length - 1);

  text(entry.directory ? `${entry.path}/` : entry.path, 0, 100);
  octal(entry.mode, 100, 8);
  octal(entry.owner ?? 0, 108, 8);
  octal(entry.owner ?? 0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  text(typeOf(entry), 156, 1);
  text(entry.linkTarget ?? '', 157, 100);
  text('ustar', 257, 5);
  text('00', 263, 2);
  // The checksum counts its own field as spaces.
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function typeOf(entry: TarEntry): string {
  if (entry.directory) {
    return '5';
  }
  return entry.linkTarget ? '2' : '0';
}
