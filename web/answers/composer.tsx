import { Button, Checkbox, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import { safeFileName } from '../../domain/safe-file-name.ts';
import { api, type Schemas, take } from '../api/client.ts';
import { Address } from '../parts/address.tsx';
import { formatSize } from '../parts/format-size.ts';
import { Icon } from '../parts/icon.tsx';
import { IconAction } from '../parts/icon-action.tsx';
import { Notice } from '../parts/notice.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { noteWriting } from '../queues/writing.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useShortcuts } from '../shell/shortcuts.tsx';
import { answerKeys } from './answer-keys.ts';
import { ANSWERS, type Answer, type AnswerKind, cannedQuery, type Draft, draftQuery } from './answers-query.ts';
import { AttachmentList } from './attachment-list.tsx';
import { CannedPicker } from './canned-picker.tsx';
import { ComposerHead, hasGoodRecipients } from './composer-head.tsx';
import { ConfirmSending } from './confirm-sending.tsx';
import { DiscardDialog } from './discard-dialog.tsx';
import { doubtsAbout } from './doubts-about.ts';
import type { DraftContent } from './draft-content.ts';
import { DraftNotices, DraftPhase } from './draft-status.tsx';
import { droppedFiles } from './dropped-files.ts';
import { knownRecipients } from './known-recipients.ts';
import { PlainEditor } from './plain-editor.tsx';
import { RichEditor } from './rich-editor.tsx';
import { SendButtons } from './send-buttons.tsx';
import { htmlOfText } from './text-and-html.ts';
import type { AnswerAttachment } from './upload-file.ts';
import { MOST_BYTES, useAttachments } from './use-attachments.ts';
import { useDraft } from './use-draft.ts';
import { type SendingWay, useSend } from './use-send.ts';
import { linesOfHtml } from './words-of-html.ts';
import type { WrittenText } from './written-text.ts';

type Item = Schemas['ItemWithMessage'];

interface ComposerProps {
  readonly item: Item;
  readonly draftId: string;
  /** True: just opened by the person, so the text gets the focus. */
  readonly takesFocus: boolean;
  /** What was written in another draft, to go on with here. */
  readonly brought?: DraftContent | undefined;
  /** Buttons that also complete the item. */
  readonly mayComplete: boolean;
  readonly onSent: (answer: Answer, way: SendingWay) => void;
  readonly onClose: () => void;
  /** Goes on with this content in a draft of one's own. */
  readonly onOwnDraft: (kind: AnswerKind, content: DraftContent) => void;
}

/** Where an answer is written. */
export function Composer(props: ComposerProps) {
  const { data, error, refetch } = useQuery(draftQuery(props.draftId));
  // A draft that was opened stays: what is written must not vanish with an answer of the server.
  if (data) return <OpenDraft {...props} draft={data} />;
  if (error) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  return <Skeleton height={360} radius="md" />;
}

function OpenDraft(props: ComposerProps & { readonly draft: Draft }) {
  const { item, draft, takesFocus, brought, mayComplete, onSent, onClose, onOwnDraft } = props;
  const { locale } = useWords();
  const { answers: words } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const { keeper, state } = useDraft(draft, brought);
  const attachments = useAttachments(draft);
  const { request, isUnsaved, send, doubts, confirm, withdraw } = useSend(item, draft.id, keeper, onSent);
  const [isTried, setTried] = useState(false);
  const [ownDoubts, setOwnDoubts] = useState<{ readonly way: SendingWay; readonly doubts: readonly string[] }>();
  const [picks, setPicks] = useState(false);
  const [discards, setDiscards] = useState(false);
  const [refused, setRefused] = useState<readonly string[]>([]);
  const [isOver, setOver] = useState(false);
  /** How often the format was changed: the editor that comes begins with the text of the one that went. */
  const [switches, setSwitches] = useState(0);
  const text = useRef<WrittenText>(null);
  const to = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const frame = useRef<HTMLElement>(null);
  const isShown = useRef(false);
  const titleId = useId();
  const [firstFormat] = useState(state.content.format);
  const { content } = state;
  const kind = draft.kind as AnswerKind;

  // So that they are there when they are searched.
  useEffect(() => void queryClient.prefetchQuery(cannedQuery(item.id)), [queryClient, item.id]);

  useEffect(() => {
    const isFirst = !isShown.current;
    isShown.current = true;
    if (!takesFocus) return;
    frame.current?.scrollIntoView({ block: 'nearest' });
    if (kind === 'forward') to.current?.focus();
    // An editor that has just come takes it by itself.
    else if (firstFormat === 'text' || !isFirst) text.current?.focus();
  }, [takesFocus, kind, firstFormat]);

  // Instead of the key that began the answer: back to its text.
  useShortcuts([{ key: answerKeys[kind], label: words.kinds[kind], run: () => text.current?.focus() }]);

  /** Pictures of the text among the attachments, by their content ids. */
  function sourceOf(contentId: string): string | undefined {
    const found = queryClient.getQueryData(draftQuery(draft.id).queryKey) ?? draft;
    const picture = found.attachments.find((each) => each.contentId === contentId);
    return picture && `/api/v1/drafts/${draft.id}/attachments/${picture.id}`;
  }

  function attach(added: readonly File[]): void {
    setRefused([]);
    let left = MOST_BYTES - attachments.bytes;
    for (const file of added) {
      if (file.size > left) {
        setRefused((now) => [...now, words.tooLarge(safeFileName(file.name), formatSize(MOST_BYTES, locale))]);
        continue;
      }
      left -= file.size;
      void attachments.add(file);
    }
  }

  async function addPictures(pictures: readonly File[]): Promise<void> {
    for (const picture of pictures) {
      const isInline = content.format === 'html';
      const show = ({ contentId, name }: AnswerAttachment) => {
        if (!isInline || contentId === null) announce(words.noPictureInPlain);
        else text.current?.insertPicture(contentId, name);
      };
      await attachments.add(picture, { isInline, onAttached: show });
    }
  }

  function switchFormat(): void {
    const isPlain = content.format === 'text';
    const body = isPlain ? htmlOfText(content.body) : (text.current?.asText() ?? '');
    setSwitches((now) => now + 1);
    keeper.change({ format: isPlain ? 'html' : 'text', body });
  }

  const signature = useMutation({
    mutationFn: async () => {
      const [own, ofMailbox] = await Promise.all([
        take(api.GET('/api/v1/me/signature')),
        take(api.GET('/api/v1/email/accounts/{id}/signature', { params: { path: { id: draft.account.id } } })),
      ]);
      return own.html + ofMailbox.html;
    },
    onSuccess: (html) => {
      if (html === '') return announce(words.noSignature);
      text.current?.setSignature({ html, text: linesOfHtml(html) });
      text.current?.focus();
    },
  });

  function trySend(way: SendingWay): void {
    setTried(true);
    if (request.isPending) return;
    if (!hasGoodRecipients(content)) {
      to.current?.focus();
      return;
    }
    if (attachments.isUploading) {
      announce(words.stillUploading);
      return;
    }
    const hasFiles = draft.attachments.length > 0;
    const { subject } = content;
    const { missing } = attachments;
    const found = doubtsAbout(text.current?.asText() ?? '', { kind, subject, hasFiles, missing }, words);
    if (found.length > 0) setOwnDoubts({ way, doubts: found });
    else send(way);
  }

  /** What the person changes, which colleagues at the item learn of. */
  const change = useCallback(
    (changed: Partial<DraftContent>) => {
      noteWriting(item.id);
      keeper.change(changed);
    },
    [item.id, keeper],
  );
  const known = useMemo(() => knownRecipients(item), [item]);

  /** After a dialog has left the page. */
  const focusText = () => setTimeout(() => text.current?.focus());

  const editor = {
    ref: text,
    body: content.body,
    revision: `${state.revision}-${switches}`,
    label: words.text,
    placeholder: words.placeholder,
    onChange: (body: string) => change({ body }),
    onPictures: (pictures: readonly File[]) => void addPictures(pictures),
    onSlash: () => setPicks(true),
    onBlur: () => void keeper.flush(),
  };
  const tools = (
    <Group gap={2} className="composer-tools">
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<Icon name="clip" size={13} />}
        onClick={() => files.current?.click()}
      >
        {words.attach}
      </Button>
      <Button size="compact-xs" variant="subtle" onClick={() => setPicks(true)} title="/">
        {words.canned}
      </Button>
      <Button size="compact-xs" variant="subtle" onClick={() => signature.mutate()} loading={signature.isPending}>
        {words.insertSignature}
      </Button>
    </Group>
  );

  return (
    <section
      ref={frame}
      className="panel panel-body composer"
      aria-labelledby={titleId}
      data-drop={isOver}
      onKeyDown={(event) => {
        // Dialogs are elsewhere in the page, and take their own keys.
        if (!event.currentTarget.contains(event.target as Node)) return;
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        if (event.shiftKey && !mayComplete) announce(words.notToComplete);
        else trySend(event.shiftKey ? 'next' : 'send');
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDropCapture={(event) => {
        setOver(false);
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        event.stopPropagation();
        const { dropped, folders } = droppedFiles(event.dataTransfer);
        attach(dropped);
        setRefused((now) => [...now, ...folders.map(words.folder)]);
      }}
    >
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <div>
            <Title order={2} id={titleId}>
              {words.writing[kind]}
            </Title>
            <Text size="xs" c="dimmed">
              <Address>{words.from(draft.account.address)}</Address>
            </Text>
          </div>
          <Group gap="xs" wrap="nowrap">
            <DraftPhase state={state} />
            <IconAction icon="cross" onClick={onClose} label={words.close} />
          </Group>
        </Group>
        <DraftNotices
          keeper={keeper}
          state={state}
          asText={() => text.current?.asText() ?? content.body}
          onOwnDraft={() => onOwnDraft(kind, content)}
        />
        <ComposerHead toRef={to} content={content} onChange={change} known={known} isTried={isTried} />
        {content.format === 'html' ? (
          <RichEditor
            key={`html-${switches}`}
            {...editor}
            sourceOf={sourceOf}
            tools={tools}
            takesFocus={takesFocus && kind !== 'forward'}
          />
        ) : (
          <div>
            {tools}
            <PlainEditor key={`text-${switches}`} {...editor} />
          </div>
        )}
        <Group justify="space-between" gap="xs">
          {kind === 'forward' ? (
            <Text size="xs" c="dimmed">
              {words.forwarded}
            </Text>
          ) : (
            <Checkbox
              size="xs"
              label={words.withQuote}
              checked={content.includesQuote}
              onChange={(event) => keeper.change({ includesQuote: event.currentTarget.checked })}
            />
          )}
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={switchFormat}
            title={content.format === 'html' ? words.plainLoses : undefined}
          >
            {content.format === 'html' ? words.toPlain : words.toRich}
          </Button>
        </Group>
        <AttachmentList draft={draft} attachments={attachments} />
        {refused.map((why) => (
          <Notice key={why} tone="bad" urgent>
            {why}
          </Notice>
        ))}
        <RequestNotice request={signature} />
        {isUnsaved && (
          <Notice tone="bad" urgent>
            {words.sendAfterSave}
          </Notice>
        )}
        <Group justify="space-between" gap="xs" className="send-buttons">
          <SendButtons
            mayComplete={mayComplete}
            hasNext={item.queue !== null}
            isPending={request.isPending}
            isDisabled={state.phase === 'over' || state.otherText !== undefined}
            onSend={trySend}
          />
          <Button variant="subtle" color="gray" c="dimmed" onClick={() => setDiscards(true)}>
            {words.discard}
          </Button>
        </Group>
        <RequestNotice request={request} />
      </Stack>
      <div className="drop-hint" aria-hidden="true">
        {words.dropHere}
      </div>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label={words.attach}
        onChange={(event) => {
          attach([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
      {picks && (
        <CannedPicker
          itemId={item.id}
          onClose={() => {
            setPicks(false);
            focusText();
          }}
          onChoose={({ html, filled }) => {
            const inserted = filled ?? { html, missing: [] };
            setPicks(false);
            setTimeout(() => text.current?.insert(inserted.html, linesOfHtml(inserted.html)));
            if (inserted.missing.length > 0) announce(words.missingValues(inserted.missing.join(', ')));
          }}
        />
      )}
      {discards && (
        <DiscardDialog
          draftId={draft.id}
          onClose={() => setDiscards(false)}
          onDiscarded={() => {
            keeper.drop();
            void queryClient.invalidateQueries({ queryKey: ANSWERS });
            onClose();
          }}
        />
      )}
      {ownDoubts && (
        <ConfirmSending
          doubts={ownDoubts.doubts}
          onClose={() => {
            setOwnDoubts(undefined);
            focusText();
          }}
          onSend={() => {
            setOwnDoubts(undefined);
            send(ownDoubts.way);
          }}
        />
      )}
      {doubts && !ownDoubts && (
        <ConfirmSending
          doubts={doubts}
          onSend={confirm}
          onClose={() => {
            withdraw();
            focusText();
          }}
        />
      )}
    </section>
  );
}
