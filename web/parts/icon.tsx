const paths = {
  mail: 'M3 6.5A1.5 1.5 0 0 1 4.500 5h15A1.500 1.500 0 0 1 21 6.500v11a1.500 1.500 0 0 1-1.500 1.500h-15A1.500 1.500 0 0 1 3 17.500zM3.500 7l8.500 6 8.500-6',
  inbox: 'M4 13l2.200-7h11.600L20 13v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1zM4 13h4.500l1 2.500h5l1-2.500H20',
  users:
    'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c.5-3.500 3-5.500 6.500-5.500s6 2 6.500 5.500M16 4.500a3.500 3.500 0 0 1 0 6.500M18 14.800c2 .7 3.200 2.500 3.500 5.200',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20.500c.8-4 3.500-6 7.500-6s6.700 2 7.500 6',
  key: 'M8 19a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM11 12.500 20 3.500M16 7.500l3 3',
  bin: 'M4 7h16M9 7V4h6v3M6.500 7l1 13h9l1-13M10 11v5.500M14 11v5.500',
  list: 'M8.500 6H20M8.500 12H20M8.500 18H20M4 6h.01M4 12h.01M4 18h.01',
  leave:
    'M14 8V5a1 1 0 0 0-1-1H5a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1v-3M9 12h12m-3.500-3.500L21 12l-3.500 3.500',
  enter:
    'M10 8V5a1 1 0 0 1 1-1h8a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1h-8a1 1 0 0 1-1-1v-3M3 12h12m-3.500-3.500L15 12l-3.500 3.500',
  download: 'M12 4v11M7.500 10.500 12 15l4.500-4.500M4.500 19.500h15',
  plus: 'M12 5v14M5 12h14',
  board: 'M4 20V4M4 20h16.500M8.500 16v-4M13 16V7M17.500 16v-6',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.200 16.200 21 21',
  up: 'M6 14l6-6 6 6',
  down: 'M6 10l6 6 6-6',
  sort: 'M7 9.500 12 4.500l5 5M7 14.500l5 5 5-5',
  left: 'M14 6l-6 6 6 6',
  right: 'M10 6l6 6-6 6',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  cross: 'M6 6l12 12M18 6L6 18',
  warn: 'M12 4l9.500 16h-19zM12 10v4.500M12 17.200v.2',
  out: 'M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9',
  drag: 'M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01',
  clip: 'M20 11.500l-8 8a5 5 0 0 1-7-7l8.500-8.500a3.300 3.300 0 0 1 4.700 4.700L9.700 17.200a1.700 1.700 0 0 1-2.400-2.400l7.500-7.500',
  push: 'M13 3 5 13.500h6L10 21l8-10.500h-6z',
  poll: 'M20 12a8 8 0 1 1-2.500-5.800M20 3v4.500h-4.500',
  edit: 'M4 20h4L19.500 8.500l-4-4L4 16zM13 7l4 4',
} as const;

export type IconName = keyof typeof paths;

/** An icon beside words with the same meaning, so it is hidden from screen readers. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'drag' ? 3 : 1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      style={{ flex: 'none' }}
    >
      <path d={paths[name]} />
    </svg>
  );
}
