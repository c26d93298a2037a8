const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A number of bytes as people read it, as Outlook counts (1 kB is 1,024 bytes): "12 kB", "2.4 MB". */
export function formatSize(bytes: number, locale: string): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const size = bytes / 1_024 ** power;
  const maximumFractionDigits = power > 1 && size < 100 ? 1 : 0;
  const style = { style: 'unit', unit: units[power] ?? 'byte', unitDisplay: 'short', maximumFractionDigits } as const;
  return size.toLocaleString(locale, style);
}
