import { validateHeaderName, validateHeaderValue } from 'node:http';

/**
 * Headers as OTEL_EXPORTER_OTLP_HEADERS has them: `name=value`, separated by commas, values percent-encoded. Undefined when
 * they cannot be sent.
 */
export function parseHeaderList(text: string): Readonly<Record<string, string>> | undefined {
  try {
    const pairs = text.split(',').map((pair) => {
      const [, name = '', value = ''] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(pair) ?? [];
      const decoded = decodeURIComponent(value.trim());
      validateHeaderName(name);
      validateHeaderValue(name, decoded);
      return [name, decoded] as const;
    });
    return Object.fromEntries(pairs);
  } catch {
    return undefined;
  }
}
