import Typography from '@material-ui/core/Typography';
import type { ReactNode } from 'react';

/** Names a part of the form that is not a single input. */
export function FieldLabel(props: {
  component?: 'p' | 'legend';
  children: ReactNode;
}) {
  return (
    <Typography
      variant="subtitle2"
      component={props.component ?? 'p'}
      gutterBottom
    >
      {props.children}
    </Typography>
  );
}
