import FormHelperText from '@material-ui/core/FormHelperText';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import ErrorIcon from '@material-ui/icons/ErrorOutline';
import type { ReactNode } from 'react';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'flex',
    justifyContent: 'space-between',
    gap: theme.spacing(2),
  },
  // The words keep the colour of the text: the red of errors is too pale for letters of this size.
  wrong: { color: theme.palette.text.primary },
  text: { display: 'inline-flex', gap: theme.spacing(0.5) },
  icon: { fontSize: 16, marginTop: 2, color: theme.palette.error.main },
}));

interface FieldHelpProps {
  /** For the input's `aria-describedby`. */
  id: string;
  isWrong: boolean;
  /** What the field wants, or what is wrong with it; told when it changes. */
  children: ReactNode;
  /** At the other end of the line. */
  aside?: ReactNode;
}

/** The line under a field. */
export function FieldHelp({ id, isWrong, children, aside }: FieldHelpProps) {
  const classes = useStyles();
  return (
    <FormHelperText
      id={id}
      component="div"
      className={`${classes.root} ${isWrong ? classes.wrong : ''}`}
    >
      <span aria-live="polite" className={classes.text}>
        {isWrong && <ErrorIcon className={classes.icon} aria-hidden />}
        <span>{children}</span>
      </span>
      {aside}
    </FormHelperText>
  );
}
