import IconButton from '@material-ui/core/IconButton';
import Tooltip from '@material-ui/core/Tooltip';
import type { MouseEvent, ReactNode } from 'react';

interface BarButtonProps {
  label: string;
  /** For what opens and closes something. */
  isExpanded?: boolean;
  onClick(event: MouseEvent<HTMLElement>): void;
  children: ReactNode;
}

/** A small button with an icon, whose meaning shows at hover and focus. */
export function BarButton(props: BarButtonProps) {
  return (
    <Tooltip title={props.label}>
      <IconButton
        size="small"
        aria-label={props.label}
        aria-expanded={props.isExpanded}
        onClick={props.onClick}
      >
        {props.children}
      </IconButton>
    </Tooltip>
  );
}
