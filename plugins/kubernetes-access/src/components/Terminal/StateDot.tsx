import { makeStyles } from '@material-ui/core/styles';
import type { TerminalState } from '../../terminal';

const useStyles = makeStyles(theme => ({
  dot: {
    width: 10,
    height: 10,
    borderRadius: '50%',
    flexShrink: 0,
  },
  connecting: { backgroundColor: theme.palette.warning.main },
  open: { backgroundColor: theme.palette.success.main },
  ended: { backgroundColor: theme.palette.text.disabled },
}));

/** Whether a terminal is connected, as a colour and in words. */
export function StateDot(props: {
  kind: TerminalState['kind'];
  label: string;
}) {
  const classes = useStyles();
  return (
    <span
      role="img"
      aria-label={props.label}
      title={props.label}
      className={`${classes.dot} ${classes[props.kind]}`}
    />
  );
}
