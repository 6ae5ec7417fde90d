import Typography from '@material-ui/core/Typography';
import type { ReactNode } from 'react';

/** What more there is to say of a row. */
export function SecondLine({ children }: { children: ReactNode }) {
  return (
    <Typography variant="body2" component="div" color="textSecondary">
      {children}
    </Typography>
  );
}
