import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Also searched when the PATH of an ordinary user leaves them out. */
const SYSTEM_FOLDERS = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
];

export const SYSTEM_PATH = SYSTEM_FOLDERS.join(delimiter);

export function findProgram(
  name: string,
  path: string = process.env.PATH ?? '',
): string | undefined {
  return [...path.split(delimiter).filter(Boolean), ...SYSTEM_FOLDERS]
    .map(folder => join(folder, name))
    .find(isExecutable);
}

export function requireProgram(name: string): string {
  const found = findProgram(name);
  if (!found) {
    throw new Error(`the program ${name} is missing`);
  }
  return found;
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const PROGRAM_HEADER_INTERPRETER = 3;

/** Whether the file is an ELF program that needs no libraries of the machine, so that it also runs in an otherwise empty image. */
export function isStaticProgram(file: string | undefined): boolean {
  if (!file) {
    return false;
  }
  const elf = readFileSync(file);
  if (elf.toString('latin1', 1, 4) !== 'ELF' || elf[4] !== 2 || elf[5] !== 1) {
    return false;
  }
  const offset = Number(elf.readBigUInt64LE(32));
  const size = elf.readUInt16LE(54);
  const count = elf.readUInt16LE(56);
  const types = Array.from({ length: count }, (_, i) =>
    elf.readUInt32LE(offset + i * size),
  );
  return !types.includes(PROGRAM_HEADER_INTERPRETER);
}
