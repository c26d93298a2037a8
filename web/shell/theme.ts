import { createTheme, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eaf3fc',
  '#d3e5f7',
  '#a6caef',
  '#7fb5ee',
  '#6db3f8',
  '#3787dc',
  '#2a7fd9',
  '#1a69bb',
  '#0b5cad',
  '#084a8c',
];
const slate: MantineColorsTuple = [
  '#e8ebf0',
  '#c9d0d9',
  '#a9b3c0',
  '#6f7b8b',
  '#3d4857',
  '#323b47',
  '#262e39',
  '#1b212a',
  '#161b22',
  '#12161c',
];

/** Quiet and dense: one accent, small controls, text that meets AA in both colour schemes (see styles.css). */
export const theme = createTheme({
  colors: { accent, dark: slate },
  primaryColor: 'accent',
  primaryShade: { light: 8, dark: 7 },
  defaultRadius: 'sm',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '1.375rem' }, h2: { fontSize: '1.0625rem' }, h3: { fontSize: '0.9375rem' } },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Keeps its width beside long words: a shrunk button cuts off its label.
    Button: { styles: { root: { flexShrink: 0 }, label: { fontWeight: 500 } } },
    InputWrapper: { styles: { label: { fontWeight: 500 } } },
    Table: { defaultProps: { verticalSpacing: 7, horizontalSpacing: 'sm' } },
    // Not centred: content that grows below its buttons would move them from under the mouse.
    Modal: {
      defaultProps: { yOffset: '12dvh', radius: 'md', overlayProps: { backgroundOpacity: 0.45 } },
      styles: { title: { fontWeight: 600, lineHeight: 1.3 } },
    },
    Tooltip: { defaultProps: { openDelay: 300 } },
    Loader: { defaultProps: { type: 'dots' } },
  },
});
