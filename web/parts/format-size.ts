const units = ['kilobyte', 'megabyte', 'gigabyte'] as const;

/** A readable number of bytes, counted as Outlook does (1 kB is 1,024 bytes): "12 kB", "2.4 MB". */
export function formatSize(bytes: number, locale: string): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(bytes) / 10) - 1));
  const size = bytes / 1_024 ** (power + 1);
  const unit = units[power] ?? 'kilobyte';
  const shown = power === 0 ? Math.ceil(size) : size;
  return shown.toLocaleString(locale, { style: 'unit', unit, maximumFractionDigits: power === 0 ? 0 : 1 });
}
