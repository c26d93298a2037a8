import { Button, Group, Skeleton, Text, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Schemas } from '../api/client.ts';
import { knownWord } from '../parts/known-word.ts';
import { Notice } from '../parts/notice.tsx';
import { useWords } from '../shell/languages.tsx';
import { withFewDirections } from './few-directions.ts';
import { type FormattedMail, formatMail } from './format-mail.ts';

type Message = Pick<Schemas['Message'], 'html' | 'htmlBytes' | 'text' | 'textForm'>;

/**
 * Characters of text that are shown: a busy browser needs seconds to lay out a million. Agents read the first pages.
 */
const MOST_SHOWN_CHARACTERS = 200_000;

/** The message: formatted where that is safe, otherwise as text. */
export function MailBody({ message: { html, htmlBytes, text, textForm } }: { readonly message: Message }) {
  const { item: words } = useWords();
  const [showsText, setShowsText] = useState(false);
  const [showsImages, setShowsImages] = useState(false);
  const [mail, setMail] = useState<Exclude<FormattedMail, 'cancelled'>>();
  const form = textForm === 'whole' && text.length > MOST_SHOWN_CHARACTERS ? 'cut' : textForm;
  const isLeftOut = html === null && htmlBytes !== null;
  const refused = mail && 'refused' in mail ? mail.refused : isLeftOut ? 'too-complex' : undefined;
  const remoteImages = mail && 'remoteImages' in mail ? mail.remoteImages : 0;
  const isFormatted = html !== null && refused === undefined;
  return (
    <section className="panel mail-panel" aria-labelledby="body">
      <Group justify="space-between" className="panel-body" py="xs">
        <Title order={2} id="body">
          {words.body}
        </Title>
        {isFormatted && (
          <Button size="compact-sm" variant="default" onClick={() => setShowsText(!showsText)}>
            {showsText ? words.asHtml : words.asText}
          </Button>
        )}
      </Group>
      {refused !== undefined && text.trim() !== '' && (
        <Notice tone="warn">{refused === 'too-complex' ? words.tooComplex : words.unreadable}</Notice>
      )}
      {isFormatted && !showsText ? (
        <>
          {remoteImages > 0 && !showsImages && (
            <Notice
              tone="idle"
              actions={
                <Button size="compact-sm" variant="default" onClick={() => setShowsImages(true)}>
                  {words.showImages}
                </Button>
              }
            >
              {words.blocked(remoteImages)}
            </Notice>
          )}
          <MailFrame
            key={String(showsImages)}
            html={html}
            expectedHeight={heightOf(text)}
            images={showsImages}
            onFormatted={setMail}
          />
        </>
      ) : text.trim() === '' ? (
        <Text size="sm" c="dimmed" className="mail-text">
          {words.noText}
        </Text>
      ) : (
        <>
          {form !== 'whole' && <Notice tone="warn">{knownWord(words.textForms, form)}</Notice>}
          <pre className="mail-text">
            <bdi>{withFewDirections(text.slice(0, MOST_SHOWN_CHARACTERS))}</bdi>
          </pre>
        </>
      )}
    </section>
  );
}

interface MailFrameProps {
  readonly html: string;
  /** Height reserved until the mail is shown, in pixels. */
  readonly expectedHeight: number;
  /** True: remote images may be loaded. */
  readonly images: boolean;
  readonly onFormatted: (mail: Exclude<FormattedMail, 'cancelled'>) => void;
}

/** The approximate height of a text, so that content below a short mail does not jump. At most 240 pixels. */
function heightOf(text: string): number {
  const lines = text.slice(0, 1_000).split('\n');
  return Math.min(240, 32 + 20 * lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 45)), 0));
}

/** The frame's maximum height, in pixels; above it, the mail scrolls. */
const HIGHEST = 4_000;

/**
 * The mail in its own document, whose policy and sandbox forbid scripts, forms and all remote content except requested
 * images. It is same-origin so that nodes can be inserted instead of text; nothing in it can run to exploit that.
 */
function MailFrame({ html, expectedHeight, images, onFormatted }: MailFrameProps) {
  const { item: words, common } = useWords();
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState<number>();
  const ended = useRef(new AbortController());

  async function fill(): Promise<void> {
    const inside = frame.current?.contentWindow as (Window & typeof globalThis) | null | undefined;
    if (!inside?.document.body) return;
    const { signal } = ended.current;
    const mail = await formatMail(html, inside, { remoteImages: images, signal });
    if (mail === 'cancelled') return;
    onFormatted(mail);
    if ('refused' in mail) return;
    measure();
    for (const image of inside.document.body.querySelectorAll('img')) image.addEventListener('load', measure);
  }

  /** Sets the frame's height to that of the mail, plus a horizontal scroll bar if needed. */
  function measure(): void {
    const inside = frame.current?.contentDocument;
    if (!inside?.body?.hasChildNodes()) return;
    for (const image of inside.body.querySelectorAll('img')) keepProportions(image);
    const bar = (frame.current?.clientHeight ?? 0) - inside.documentElement.clientHeight;
    setHeight(Math.min(HIGHEST, inside.documentElement.offsetHeight + bar));
  }

  // A narrower frame makes the text longer. After a change of height alone, the measurement is the same.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `measure` reads no reactive values.
  useEffect(() => {
    if (!frame.current) return;
    const observer = new ResizeObserver(measure);
    observer.observe(frame.current);
    if (ended.current.signal.aborted) ended.current = new AbortController();
    return () => {
      observer.disconnect();
      ended.current.abort();
    };
  }, []);

  return (
    <>
      {height === undefined && <Skeleton height={expectedHeight} radius={0} aria-label={common.loading} />}
      <iframe
        ref={frame}
        title={words.frame}
        src={`/mail-frame?images=${images}`}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        className="mail-frame"
        style={{ height: height ?? 0 }}
        onLoad={() => void fill()}
      />
    </>
  );
}

/** An image that is narrower than specified for lack of space must not keep its height. */
function keepProportions(image: HTMLImageElement): void {
  if (image.clientWidth > 0 && image.clientWidth < Number(image.getAttribute('width'))) image.style.height = 'auto';
}
