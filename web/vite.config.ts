import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressedFiles } from './compressed-files.ts';
import { preloads } from './preloads.ts';
import { unbrokenWords } from './unbroken-words.ts';

/** Also shared by several pages, but needed only once a dialog, a menu or an editor opens in them. */
const ofDialogsAndChoices =
  /floating-ui|remove-scroll|use-sidecar|use-callback-ref|style-singleton|tslib|[/]use-(focus-trap|click-outside|long-press|clipboard|focus-return|move)[/]|[/](Modal|ModalBase|Portal|Overlay|FocusTrap|Floating|Popover|Combobox|Select|MultiSelect|TagsInput|ScrollArea|Radio|Pill\w*|FloatingIndicator|CopyButton|Textarea|Tooltip|Typography|Color\w+|\w+Slider)[/]|dialog|@mantine[/]form|use-api-form|unsaved-guard|field-rules|parts[/](age|use-download|save-file|parse-recipients)|api[/]fetch-file|content-disposition|web[/](answers|email|queues|words)[/]|use-sync-external-store|infinite|InfiniteQuery|use-input-state|tiptap|prosemirror|linkifyjs|orderedmap|rope-sequence|w3c-keyname|fast-equals/;

/** The pages, built into `dist/web`, from where the API serves them. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    react(),
    unbrokenWords(),
    preloads(import.meta.dirname),
    compressedFiles(join(import.meta.dirname, '../dist/web/assets')),
  ],
  resolve: {
    alias: [
      // The part of Mantine's tables that we do not use, and with it 13 kB of scroll bars and floating boxes.
      {
        find: /^\.\/TableScrollContainer\.mjs$/,
        replacement: join(import.meta.dirname, 'without-scroll-container.ts'),
      },
    ],
  },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    manifest: true,
    // Nothing inline: the Content-Security-Policy allows only our own files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // One file for what most pages share: on a slow line each further small file costs as much as 500 bytes of
          // code.
          groups: [
            {
              name: 'shell',
              minShareCount: 3,
              test: (id: string) => !ofDialogsAndChoices.test(id) && !id.endsWith('.css'),
            },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: {
      '/api': 'http://localhost:3000',
      '/auth': 'http://localhost:3000',
      '/email': 'http://localhost:3000',
      '/pages': 'http://localhost:3000',
      '/mail-frame': 'http://localhost:3000',
    },
  },
});
