import { Button, Skeleton } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Notice } from '../parts/notice.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { type FormattedMail, formatMail } from './format-mail.ts';
import { type FailedPicture, loadFailedPictures, loadPictures, type PictureFailure } from './load-pictures.ts';
import { passOnSigns } from './pass-on-signs.ts';
import type { MailPicture } from './sanitise-mail.ts';
import { smallestZoom } from './smallest-zoom.ts';

interface MailFrameProps {
  readonly html: string;
  readonly subject: string;
  /** Height reserved until the mail is shown, in pixels. */
  readonly expectedHeight: number;
  /** Mailroom's address of an attached picture, by its Content-ID; undefined: there is none. */
  readonly attachedPicture: (contentId: string) => string | undefined;
  /** Mailroom's address of a remote picture; undefined: none is to be loaded. */
  readonly remotePicture: ((url: string) => string) | undefined;
  readonly onFormatted: (mail: Exclude<FormattedMail, 'cancelled'>) => void;
}

/** The frame's maximum height, in pixels; above it, the mail scrolls. The longest newsletters have half of it. */
const HIGHEST = 20_000;

/** Narrower frames, in pixels, show wide mail smaller, as telephones do, as long as it can be read; the rest scrolls. */
const NARROW = 480;

/**
 * The mail in its own document, whose policy and sandbox forbid scripts, forms and all remote content. It is same-origin
 * so that nodes can be inserted instead of text; nothing in it can run to exploit that.
 */
export function MailFrame(props: MailFrameProps) {
  const { html, subject, expectedHeight, attachedPicture, remotePicture, onFormatted } = props;
  const { item: words, mail } = useDeskWords();
  const { common } = useWords();
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState<number>();
  const [pictures, setPictures] = useState<readonly MailPicture[]>([]);
  const [failed, setFailed] = useState<readonly FailedPicture[]>([]);
  const [hidden, setHidden] = useState('');
  const ended = useRef(new AbortController());
  const observer = useRef<ResizeObserver>(undefined);

  const wordsFor = ({ as, element, source }: MailPicture, failure: PictureFailure) => {
    const name =
      (as === 'image' && element.alt.trim()) || nameOf('url' in source ? source.url : source.contentId) || mail.picture;
    return `${name}: ${mail.pictureFailures[failure]}`;
  };

  async function fill(): Promise<void> {
    const inside = frame.current?.contentWindow as (Window & typeof globalThis) | null | undefined;
    if (!inside?.document.body) return;
    const { signal } = ended.current;
    const formatted = await formatMail(html, inside, { subject, quoteWords: mail.quoted, signal });
    if (formatted === 'cancelled') return;
    onFormatted(formatted);
    if ('refused' in formatted) return;
    if (frame.current) passOnSigns(inside, frame.current);
    measure();
    observer.current?.observe(inside.document.body);
    inside.addEventListener('scroll', markHidden, { passive: true });
    for (const image of inside.document.body.querySelectorAll('img')) image.addEventListener('load', measure);
    setPictures(formatted.pictures);
    const attached = formatted.pictures.filter(({ source }) => 'contentId' in source);
    keepFailed(await loadPictures(attached, { addressOf, wordsFor, signal }), signal);
  }

  function addressOf({ source }: MailPicture): string | undefined {
    return 'url' in source ? remotePicture?.(source.url) : attachedPicture(source.contentId);
  }

  /** Those of a mail that is shown no more are forgotten. */
  function keepFailed(found: readonly FailedPicture[], signal: AbortSignal): void {
    if (!signal.aborted && found.length > 0) setFailed((others) => [...others, ...found]);
  }

  async function loadAgain(): Promise<void> {
    const { signal } = ended.current;
    setFailed([]);
    keepFailed(await loadFailedPictures(failed, { addressOf, wordsFor, signal }), signal);
  }

  /** Sets the frame's height to that of the mail, plus a horizontal scroll bar if needed. */
  function measure(): void {
    const inside = frame.current?.contentDocument;
    if (!inside?.body?.hasChildNodes()) return;
    for (const image of inside.body.querySelectorAll('img')) keepProportions(image);
    fitIntoWidth(inside);
    const bar = (frame.current?.clientHeight ?? 0) - inside.documentElement.clientHeight;
    setHeight(Math.min(HIGHEST, inside.documentElement.offsetHeight + bar));
    markHidden();
  }

  function markHidden(): void {
    const inside = frame.current?.contentDocument;
    if (inside) setHidden(hiddenSides(inside));
  }

  // A narrower frame makes the text longer. After a change of height alone, the measurement is the same.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `measure` reads no reactive values.
  useEffect(() => {
    if (!frame.current) return;
    observer.current = new ResizeObserver(measure);
    observer.current.observe(frame.current);
    if (ended.current.signal.aborted) ended.current = new AbortController();
    return () => {
      observer.current?.disconnect();
      ended.current.abort();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the words of failures do not load pictures again.
  useEffect(() => {
    if (!remotePicture) return;
    const remote = pictures.filter(({ source }) => 'url' in source);
    const { signal } = ended.current;
    void loadPictures(remote, { addressOf, wordsFor, signal }).then((found) => keepFailed(found, signal));
  }, [pictures, remotePicture !== undefined]);

  return (
    <>
      {failed.length > 0 && (
        <Notice
          tone="idle"
          actions={
            <Button size="compact-sm" variant="default" onClick={() => void loadAgain()}>
              {common.retry}
            </Button>
          }
        >
          {mail.failedPictures(failed.length)}
        </Notice>
      )}
      {height === undefined && <Skeleton height={expectedHeight} radius={0} aria-label={common.loading} />}
      <div className="mail-room" data-hidden={hidden}>
        <iframe
          ref={frame}
          title={words.frame}
          src="/mail-frame"
          sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
          className="mail-frame"
          style={{ height: height ?? 0 }}
          onLoad={() => void fill()}
        />
      </div>
    </>
  );
}

/** An image that is narrower than specified for lack of space must not keep its height. */
function keepProportions(image: HTMLImageElement): void {
  if (image.clientWidth > 0 && image.clientWidth < Number(image.getAttribute('width'))) image.style.height = 'auto';
}

function fitIntoWidth({ documentElement, body }: Document): void {
  body.style.zoom = '';
  const { clientWidth, scrollWidth } = documentElement;
  if (clientWidth >= NARROW || scrollWidth <= clientWidth) return;
  body.style.zoom = String(Math.max(smallestZoom(body), clientWidth / scrollWidth));
}

/** The sides at which the mail goes on beyond its frame: `left`, `right`, both or none. */
function hiddenSides({ documentElement }: Document): string {
  const { clientWidth, scrollWidth, scrollLeft, dir } = documentElement;
  const before = dir === 'rtl' ? scrollWidth - clientWidth + scrollLeft : scrollLeft;
  const after = scrollWidth - clientWidth - before;
  return [before >= 1 && 'left', after >= 1 && 'right'].filter(Boolean).join(' ');
}

/** The last part of an address that is a name: `image001.png` of `image001.png@01DB5155.249583D0`. */
function nameOf(source: string): string {
  const path = source.split(/[?#]/, 1)[0] ?? '';
  return (path.split('/').at(-1)?.split('@', 1)[0] ?? '').slice(0, 80);
}
