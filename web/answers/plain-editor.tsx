import { Textarea } from '@mantine/core';
import { useImperativeHandle, useRef } from 'react';
import type { EditorProps } from './rich-editor.tsx';
import { SIGNATURE_LINE, withoutSignature } from './signature-in-text.ts';
import { usePasteLimit } from './use-paste-limit.ts';

/** The text of an answer without formatting. */
export function PlainEditor({ ref, body, label, placeholder, onChange, onPictures, onSlash, onBlur }: EditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const refusesPaste = usePasteLimit();
  useImperativeHandle(ref, () => ({
    focus: () => area.current?.focus(),
    asText: () => body,
    insert(_html, text) {
      const { selectionStart = body.length, selectionEnd = body.length } = area.current ?? {};
      area.current?.setRangeText(text, selectionStart, selectionEnd, 'end');
      onChange(area.current?.value ?? body + text);
      area.current?.focus();
    },
    insertPicture: () => false,
    setSignature(signature) {
      const own = withoutSignature(body);
      onChange(signature === null ? own : `${own}\n${SIGNATURE_LINE}\n${signature.text}`);
    },
  }));
  return (
    <Textarea
      ref={area}
      aria-label={label}
      placeholder={placeholder}
      value={body}
      onChange={(event) => onChange(event.currentTarget.value)}
      onBlur={() => onBlur?.()}
      autosize
      minRows={8}
      maxRows={30}
      classNames={{ input: 'plain-written' }}
      onPaste={(event) => {
        if (refusesPaste(event.clipboardData)) {
          event.preventDefault();
          return;
        }
        const pictures = [...event.clipboardData.files].filter(({ type }) => type.startsWith('image/'));
        if (pictures.length === 0 || event.clipboardData.getData('text/plain') !== '') return;
        event.preventDefault();
        onPictures(pictures);
      }}
      onKeyDown={(event) => {
        const { selectionStart, selectionEnd, value } = event.currentTarget;
        const isAtWord = selectionStart === selectionEnd && /(^|\s)$/.test(value.slice(0, selectionStart));
        if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || !isAtWord || !onSlash) return;
        event.preventDefault();
        onSlash();
      }}
    />
  );
}
