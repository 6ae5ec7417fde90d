import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import type { SvgIconProps } from '@material-ui/core/SvgIcon';
import Typography from '@material-ui/core/Typography';
import type { ComponentType } from 'react';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    // Its word stands on the line of the words beside it.
    verticalAlign: 'top',
    gap: theme.spacing(0.75),
    whiteSpace: 'nowrap',
    fontWeight: 600,
  },
  // The word keeps the colour of the text: amber and green are too pale to be read.
  waits: { color: theme.palette.warning.main },
  agreed: { color: theme.palette.info.main },
  good: { color: theme.palette.success.main },
  over: { color: theme.palette.text.secondary },
  bad: { color: theme.palette.error.main },
}));

interface StateLabelProps {
  Icon: ComponentType<SvgIconProps>;
  tone: 'waits' | 'agreed' | 'good' | 'over' | 'bad';
  children: string;
}

/** The one look of states: an icon in its colour, and a word. */
export function StateLabel({ Icon, tone, children }: StateLabelProps) {
  const classes = useStyles();
  return (
    <Typography variant="body2" component="span" className={classes.root}>
      <Icon fontSize="small" className={classes[tone]} aria-hidden />
      {children}
    </Typography>
  );
}
