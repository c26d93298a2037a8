/** How far this server's clock is from Microsoft's, in a sentence. `skewSeconds`: Microsoft's minus ours. */
export function clockDiffers(skewSeconds: number): string {
  const direction = skewSeconds > 0 ? 'behind' : 'ahead of';
  return `This server's clock is ${lasting(skewSeconds, 'en')} ${direction} Microsoft's.`;
}

/** The same in German. */
export function clockDiffersDe(skewSeconds: number): string {
  const direction = skewSeconds > 0 ? 'nach' : 'vor';
  return `Die Uhr dieses Servers geht gegenüber der von Microsoft ${lasting(skewSeconds, 'de')} ${direction}.`;
}

/** "2 hours 3 minutes": the largest two units say enough. */
function lasting(seconds: number, locale: string): string {
  let rest = Math.abs(Math.round(seconds));
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count === 0 || parts.length === 2) continue;
    parts.push(new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count));
  }
  return (
    parts.join(' ') || new Intl.NumberFormat(locale, { style: 'unit', unit: 'second', unitDisplay: 'long' }).format(0)
  );
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;
