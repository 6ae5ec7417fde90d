import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Checkbox from '@material-ui/core/Checkbox';
import Divider from '@material-ui/core/Divider';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Popover from '@material-ui/core/Popover';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import TextIncreaseIcon from '@material-ui/icons/Add';
import TextDecreaseIcon from '@material-ui/icons/Remove';
import { useId } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import { BarButton } from './BarButton';
import type { TerminalSettings } from './terminalSettings';
import { COLOURS, clampFontSize } from './terminalSettings';

const useStyles = makeStyles(theme => ({
  paper: { width: 300, padding: theme.spacing(2) },
  choice: {
    display: 'flex',
    '& > span': { padding: theme.spacing(0.25, 1) },
    '& .MuiFormControlLabel-label': theme.typography.body2,
  },
  row: { display: 'flex', alignItems: 'center', gap: theme.spacing(1) },
  grow: { flexGrow: 1 },
  size: { minWidth: 24, textAlign: 'center' },
  section: { marginTop: theme.spacing(2) },
  divider: { margin: theme.spacing(2, 0) },
  keys: {
    display: 'grid',
    gridTemplateColumns: 'auto 1fr',
    gap: theme.spacing(0.5, 1.5),
    margin: theme.spacing(1, 0, 0),
    '& dd': { margin: 0 },
  },
}));

interface SettingsPopoverProps {
  anchor: HTMLElement | null;
  settings: TerminalSettings;
  onChange(changed: Partial<TerminalSettings>): void;
  onClose(): void;
}

/** How the terminals look, and which keys they know. */
export function SettingsPopover(props: SettingsPopoverProps) {
  const { anchor, settings, onChange } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const coloursId = useId();
  return (
    <Popover
      open={Boolean(anchor)}
      anchorEl={anchor}
      onClose={props.onClose}
      anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
      transformOrigin={{ vertical: 'top', horizontal: 'right' }}
      PaperProps={{
        className: classes.paper,
        role: 'dialog',
        'aria-label': t('terminal.settings'),
      }}
    >
      <div className={classes.row}>
        <Typography variant="body2" className={classes.grow}>
          {t('terminal.fontSize')}
        </Typography>
        <BarButton label={t('terminal.fontSmaller')} onClick={() => resize(-1)}>
          <TextDecreaseIcon fontSize="small" />
        </BarButton>
        <Typography variant="body2" role="status" className={classes.size}>
          {settings.fontSize}
        </Typography>
        <BarButton label={t('terminal.fontLarger')} onClick={() => resize(1)}>
          <TextIncreaseIcon fontSize="small" />
        </BarButton>
      </div>
      <div className={classes.section}>
        <Typography id={coloursId} variant="body2">
          {t('terminal.colours')}
        </Typography>
        <RadioGroup
          aria-labelledby={coloursId}
          value={settings.colours}
          onChange={(_, value) =>
            onChange({ colours: COLOURS.find(colours => colours === value) })
          }
        >
          {COLOURS.map(colours => (
            <FormControlLabel
              key={colours}
              className={classes.choice}
              value={colours}
              control={<Radio size="small" color="primary" />}
              label={t(`terminal.colours_${colours}`)}
            />
          ))}
        </RadioGroup>
      </div>
      <FormControlLabel
        className={`${classes.choice} ${classes.section}`}
        control={
          <Checkbox
            size="small"
            color="primary"
            checked={settings.screenReader}
            onChange={(_, screenReader) => onChange({ screenReader })}
          />
        }
        label={t('terminal.screenReader')}
      />
      <Divider className={classes.divider} />
      <Typography variant="body2" component="h3">
        {t('terminal.shortcuts')}
      </Typography>
      <Typography variant="body2" component="dl" className={classes.keys}>
        <dt>Ctrl+Shift+C</dt>
        <dd>{t('terminal.shortcutCopy')}</dd>
        <dt>Ctrl+Shift+V</dt>
        <dd>{t('terminal.shortcutPaste')}</dd>
        <dt>Ctrl+Shift+F</dt>
        <dd>{t('terminal.shortcutSearch')}</dd>
        <dt>Ctrl+Shift+L</dt>
        <dd>{t('terminal.shortcutLeave')}</dd>
      </Typography>
    </Popover>
  );

  function resize(step: number) {
    onChange({ fontSize: clampFontSize(settings.fontSize + step) });
  }
}
