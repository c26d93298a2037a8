import { Button, Group, Skeleton, Text, Title } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Schemas } from '../api/client.ts';
import { Notice } from '../parts/notice.tsx';
import { useWords } from '../shell/languages.tsx';
import { sanitiseMail } from './sanitise-mail.ts';

type Message = Pick<Schemas['ItemWithMessage']['message'], 'html' | 'htmlBytes' | 'text' | 'textForm'>;

/** What was written: formatted where that is safe, else as text. */
export function MailBody({ message: { html, htmlBytes, text, textForm } }: { readonly message: Message }) {
  const { item: words } = useWords();
  const [showsText, setShowsText] = useState(false);
  const [showsImages, setShowsImages] = useState(false);
  const mail = useMemo(
    () => (html === null ? undefined : sanitiseMail(html, { remoteImages: showsImages })),
    [html, showsImages],
  );
  const formatted = mail && 'body' in mail ? mail : undefined;
  const isLeftOut = html === null && htmlBytes !== null;
  const refused = mail && 'refused' in mail ? mail.refused : isLeftOut ? 'too-complex' : undefined;
  return (
    <section className="panel mail-panel" aria-labelledby="body">
      <Group justify="space-between" className="panel-body" py="xs">
        <Title order={2} id="body">
          {words.body}
        </Title>
        {formatted && (
          <Button size="compact-sm" variant="default" onClick={() => setShowsText(!showsText)}>
            {showsText ? words.asHtml : words.asText}
          </Button>
        )}
      </Group>
      {refused !== undefined && text.trim() !== '' && (
        <Notice tone="warn">{refused === 'too-complex' ? words.tooComplex : words.unreadable}</Notice>
      )}
      {formatted && !showsText ? (
        <>
          {formatted.remoteImages > 0 && !showsImages && (
            <Notice
              tone="idle"
              actions={
                <Button size="compact-sm" variant="default" onClick={() => setShowsImages(true)}>
                  {words.showImages}
                </Button>
              }
            >
              {words.blocked(formatted.remoteImages)}
            </Notice>
          )}
          <MailFrame key={String(showsImages)} body={formatted.body} images={showsImages} />
        </>
      ) : text.trim() === '' ? (
        <Text size="sm" c="dimmed" className="mail-text">
          {words.noText}
        </Text>
      ) : (
        <>
          {textForm !== 'whole' && <Notice tone="warn">{words.textForms[textForm]}</Notice>}
          <pre className="mail-text">
            <bdi>{text}</bdi>
          </pre>
        </>
      )}
    </section>
  );
}

interface MailFrameProps {
  readonly body: DocumentFragment;
  /** True: remote images may be loaded. */
  readonly images: boolean;
}

/** Higher the frame does not grow, in pixels: it scrolls then. */
const HIGHEST = 4_000;

/**
 * The mail in a document of its own, whose policy and sandbox forbid scripts, forms and everything from elsewhere but
 * images that were asked for. It is of our origin so that nodes can be put into it instead of text; nothing in it can
 * run to make use of that.
 */
function MailFrame({ body, images }: MailFrameProps) {
  const { item: words, common } = useWords();
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState<number>();

  function fill(): void {
    const inside = frame.current?.contentDocument;
    if (!inside?.body) return;
    inside.body.replaceChildren(inside.importNode(body, true));
    measure();
    for (const image of inside.images) image.addEventListener('load', measure);
  }

  /** As high as the mail, and a bar to scroll it sideways where it needs one. */
  function measure(): void {
    const inside = frame.current?.contentDocument;
    if (!inside?.body?.hasChildNodes()) return;
    const bar = (frame.current?.clientHeight ?? 0) - inside.documentElement.clientHeight;
    setHeight(Math.min(HIGHEST, inside.body.offsetHeight + bar));
  }

  // Where the frame becomes narrower, its text becomes longer. A change of height alone measures the same again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what measures reads nothing that renders anew.
  useEffect(() => {
    if (!frame.current) return;
    const observer = new ResizeObserver(measure);
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);

  return (
    <>
      {height === undefined && <Skeleton height={240} radius={0} aria-label={common.loading} />}
      <iframe
        ref={frame}
        title={words.frame}
        src={`/mail-frame?images=${images}`}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        className="mail-frame"
        style={{ height: height ?? 0 }}
        onLoad={fill}
      />
    </>
  );
}
