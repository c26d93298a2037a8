import { ActionIcon, type ActionIconProps } from '@mantine/core';
import { Icon, type IconName } from './icon.tsx';

interface IconActionProps extends Pick<ActionIconProps, 'size' | 'loading' | 'mt' | 'className' | 'disabled'> {
  readonly icon: IconName;
  /** What it does and to what, for people who do not see the icon. */
  readonly label: string;
  /** Why it is disabled. */
  readonly title?: string;
  readonly onClick: () => void;
}

/** A quiet button with an icon in the place of words, as in the rows of lists. */
export function IconAction({ icon, label, size, ...rest }: IconActionProps) {
  return (
    <ActionIcon variant="subtle" color="gray" c="dimmed" aria-label={label} {...(size && { size })} {...rest}>
      <Icon name={icon} {...(size === 'sm' && { size: 14 })} />
    </ActionIcon>
  );
}
