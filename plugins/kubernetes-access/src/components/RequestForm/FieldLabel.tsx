import Typography from '@material-ui/core/Typography';
import type { ReactNode } from 'react';

interface FieldLabelProps {
  /** The input that it names; without one it names a part of the form that is not a single input. */
  htmlFor?: string;
  component?: 'p' | 'legend';
  children: ReactNode;
}

/** Names a part of the form: always above it, in the same place and size. */
export function FieldLabel({ htmlFor, component, children }: FieldLabelProps) {
  return htmlFor ? (
    <Typography
      variant="subtitle2"
      component="label"
      htmlFor={htmlFor}
      display="block"
      gutterBottom
    >
      {children}
    </Typography>
  ) : (
    <Typography variant="subtitle2" component={component ?? 'p'} gutterBottom>
      {children}
    </Typography>
  );
}
