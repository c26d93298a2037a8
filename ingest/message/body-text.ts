import { setImmediate as otherWork } from 'node:timers/promises';
import pLimit from 'p-limit';
import { Piscina } from 'piscina';
import type { TextForm } from '../../domain/text-form.ts';
import type { MailBody } from '../../graph/mail/mail-message.ts';
import { bareText } from './bare-text.ts';
import { type HtmlText, htmlText } from './html-text.ts';

export interface BodyText {
  readonly text: string;
  readonly form: TextForm;
}

/** Converts bodies of mail into text, for reading, searching, and where HTML cannot be shown. */
export interface BodyTexts {
  /** Never throws, and blocks the event loop for some milliseconds at most, whatever the body. */
  of(body: MailBody): Promise<BodyText>;
  /** Ends the thread. Running conversions are rejected. */
  close(): Promise<void>;
}

export interface BodyTextLimits {
  /** Characters that are converted in the event loop; longer HTML goes to a thread. */
  readonly inPlaceCharacters: number;
  /** Characters of HTML that are converted; the rest is cut. */
  readonly mostHtmlCharacters: number;
  readonly mostTextCharacters: number;
  readonly timeLimitMs: number;
  readonly heapMegabytes: number;
}

const defaultLimits: BodyTextLimits = {
  // Two milliseconds, as much as passing it to a thread and back costs.
  inPlaceCharacters: 64_000,
  // A third of a second. Mail written by people stays below a tenth of it.
  mostHtmlCharacters: 8_000_000,
  // The length of a novel; pages and searches carry the text around.
  mostTextCharacters: 1_000_000,
  // Ten times what the longest HTML needs on a busy machine: only a fault of the converter takes longer.
  timeLimitMs: 5_000,
  // Twice what the worst HTML of that length needs.
  heapMegabytes: 256,
};

/**
 * Short HTML is converted in place, longer HTML by a thread without environment, with limited time and heap. Exceeding
 * a limit ends the thread, which costs that message its lines but not its words (decision 19).
 */
export function createBodyTexts(changed: Partial<BodyTextLimits> = {}): BodyTexts {
  const limits = { ...defaultLimits, ...changed };
  const { mostTextCharacters, timeLimitMs } = limits;
  const pool = new Piscina<readonly [string, number], HtmlText>({
    filename: new URL('./body-text-thread.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: 60_000,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes, maxYoungGenerationSizeMb: 16 },
  });
  // A crashed thread rejects its task; piscina also emits the error on the pool, which would end the process.
  pool.on('error', () => {});
  // One at a time, so that the time limit of each begins when its turn does.
  const inTurn = pLimit(1);
  let convertedInPlace = 0;
  let isClosed = false;

  async function inPlace(html: string): Promise<HtmlText> {
    convertedInPlace += html.length;
    if (convertedInPlace > limits.inPlaceCharacters) {
      convertedInPlace = html.length;
      await otherWork();
    }
    return htmlText(html, mostTextCharacters);
  }

  return {
    async of({ contentType, content }) {
      if (contentType === 'text') return { text: content, form: 'whole' };
      const html = content;
      const kept = html.slice(0, limits.mostHtmlCharacters);
      try {
        const { text, isWhole } =
          kept.length <= limits.inPlaceCharacters
            ? await inPlace(kept)
            : await inTurn(() => pool.run([kept, mostTextCharacters], { signal: AbortSignal.timeout(timeLimitMs) }));
        return { text, form: isWhole && kept.length === html.length ? 'whole' : 'cut' };
      } catch (error) {
        // A conversion after the close is to be repeated elsewhere, not shortened.
        if (isClosed) throw error;
        return { text: bareText(html.slice(0, BARE_CHARACTERS)), form: 'bare' };
      }
    },
    async close() {
      isClosed = true;
      await pool.destroy();
    },
  };
}

/** For HTML that could not be converted: ten milliseconds in the event loop. */
const BARE_CHARACTERS = 500_000;
