import '@mantine/tiptap/styles.css';
// Its tool bar brings more than is shown here.
import '@mantine/core/styles/ColorPicker.css';
import '@mantine/core/styles/ColorSwatch.css';
import '@mantine/core/styles/Tooltip.css';
import '@mantine/core/styles/Typography.css';
import './answers.css';
import { useCallbackRef } from '@mantine/hooks';
import { RichTextEditor } from '@mantine/tiptap';
import type { Editor } from '@tiptap/core';
import { useEditor } from '@tiptap/react';
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { useDeskWords } from '../shell/languages.tsx';
import { pageFacts } from '../shell/page-facts.ts';
import { editorExtensions } from './editor-extensions.ts';
import { mailHtmlOf } from './mail-html.ts';
import { editableHtml } from './parse-html.ts';
import { pastedHtml } from './pasted-html.ts';
import { signatureHtml } from './signature-node.ts';
import { SIGNATURE, textOf } from './text-and-html.ts';
import { usePasteLimit } from './use-paste-limit.ts';
import type { WrittenText } from './written-text.ts';

export interface EditorProps {
  readonly ref?: Ref<WrittenText>;
  readonly body: string;
  /** Changes whenever the body was changed elsewhere than in this editor. */
  readonly revision: number | string;
  readonly label: string;
  readonly placeholder: string;
  readonly onChange: (body: string) => void;
  /** Pasted pictures, which belong into the text. */
  readonly onPictures: (files: readonly File[]) => void;
  /** A slash at the beginning of a word: another way to the canned answers. */
  readonly onSlash?: () => void;
  readonly onBlur?: () => void;
  /** At the end of the tool bar. */
  readonly tools?: ReactNode;
}

interface RichEditorProps extends EditorProps {
  /** The address of the picture with this content id, if it is among the attachments. */
  readonly sourceOf: (contentId: string) => string | undefined;
  /** True: begins with the caret before the first word. */
  readonly takesFocus?: boolean;
}

/** The text of an answer with formatting. */
export function RichEditor(props: RichEditorProps) {
  const { ref, body, revision, label, placeholder, tools, takesFocus = false } = props;
  const { answers: words } = useDeskWords();
  // The editor lives longer than one rendering: what it calls has to be the newest.
  const newest = useRef(props);
  newest.current = props;
  const refusesPaste = useCallbackRef(usePasteLimit());
  const editor = useEditor({
    extensions: editorExtensions({
      placeholder,
      sourceOf: (contentId) => newest.current.sourceOf(contentId),
    }),
    content: editableHtml(body),
    injectNonce: pageFacts.nonce,
    // By the editor itself: React may make it twice before it is shown, and the first one takes no commands.
    autofocus: takesFocus && 'start',
    editorProps: {
      attributes: { 'aria-label': label, 'aria-multiline': 'true', role: 'textbox', class: 'written' },
      transformPastedHTML: pastedHtml,
      handlePaste: (_view, event) => {
        const data = event.clipboardData;
        if (refusesPaste(data)) return true;
        const pictures = [...(data?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
        // Office programs add a picture of the text that was copied.
        if (pictures.length === 0 || data?.getData('text/plain') !== '') return false;
        newest.current.onPictures(pictures);
        return true;
      },
      handleKeyDown: (view, event) => {
        // Sends, or saves: no line break is written for it.
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return true;
        const { onSlash } = newest.current;
        if (!onSlash || event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return false;
        const { $from, empty } = view.state.selection;
        const before = $from.parent.textBetween(0, $from.parentOffset, undefined, ' ');
        if (!empty || !/(^|\s)$/.test(before)) return false;
        onSlash();
        return true;
      },
    },
    onUpdate: ({ editor: changed }) => newest.current.onChange(mailHtmlOf(changed)),
    onBlur: () => newest.current.onBlur?.(),
  });

  const shown = useRef(revision);
  useEffect(() => {
    if (shown.current === revision || editor.isDestroyed) return;
    shown.current = revision;
    editor.commands.setContent(editableHtml(body), { emitUpdate: false });
  }, [editor, revision, body]);

  useImperativeHandle(ref, () => writtenIn(editor), [editor]);

  return (
    <RichTextEditor editor={editor} variant="subtle" labels={words.editor} className="rich-editor">
      <RichTextEditor.Toolbar role="toolbar" aria-label={words.formatting}>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.Bold />
          <RichTextEditor.Italic />
          <RichTextEditor.Underline />
        </RichTextEditor.ControlsGroup>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.BulletList />
          <RichTextEditor.OrderedList />
          <RichTextEditor.Blockquote />
          <RichTextEditor.Link disableTooltips />
          <RichTextEditor.ClearFormatting />
        </RichTextEditor.ControlsGroup>
        {tools}
      </RichTextEditor.Toolbar>
      <RichTextEditor.Content />
    </RichTextEditor>
  );
}

function writtenIn(editor: Editor): WrittenText {
  return {
    focus: () => void editor.commands.focus(),
    asText: () => textOf(editor.getJSON()),
    insert: (html) => void editor.chain().focus().insertContent(editableHtml(html)).run(),
    insertPicture: (contentId, alt) =>
      editor
        .chain()
        .focus()
        .insertContent({ type: 'picture', attrs: { src: `cid:${contentId}`, alt } })
        .run(),
    setSignature(signature) {
      const { from } = editor.state.selection;
      const places: { readonly from: number; readonly to: number }[] = [];
      editor.state.doc.forEach((node, offset) => {
        if (node.type.name === SIGNATURE) places.push({ from: offset, to: offset + node.nodeSize });
      });
      const last = places.at(-1);
      const end = editor.state.doc.content.size;
      const chain = editor.chain();
      if (signature === null) {
        if (last) chain.deleteRange(last);
      } else {
        const html = signatureHtml(editableHtml(signature.html));
        if (last) chain.insertContentAt(last, html);
        else chain.insertContentAt(end, editor.isEmpty ? `<p></p>${html}` : html);
      }
      chain.setTextSelection(Math.min(from, last?.from ?? from)).run();
    },
  };
}
