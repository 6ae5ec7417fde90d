const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** `412 byte`, `18.7 kB`. */
export function formatBytes(bytes: number, language: string): string {
  const power =
    bytes < 1000
      ? 0
      : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: UNITS[power],
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** power);
}
