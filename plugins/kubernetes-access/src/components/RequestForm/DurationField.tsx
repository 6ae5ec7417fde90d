import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { RequestLimits } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Chip from '@material-ui/core/Chip';
import TextField from '@material-ui/core/TextField';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import {
  durationInSymbols,
  durationInWords,
  parseDuration,
} from '../../format';
import { useLanguage } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import type { FieldProblem } from './requestForm';
import { durationChoices } from './requestForm';

const useStyles = makeStyles((theme: Theme) => ({
  chips: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1),
    marginTop: theme.spacing(1.5),
  },
  chip: { margin: 0 },
}));

interface DurationFieldProps {
  value: string;
  limits: RequestLimits;
  problem?: Extract<FieldProblem, { field: 'duration' }>;
  inputRef: React.Ref<HTMLInputElement>;
  onChange(duration: string): void;
  onLeave(): void;
}

/** How long: picked or typed. */
export function DurationField(props: DurationFieldProps) {
  const { value, limits, onChange } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const help = useHelp(props);
  return (
    <div>
      <TextField
        id="kubernetes-access-duration"
        label={t('form.duration')}
        value={value}
        onChange={event => onChange(event.target.value)}
        onBlur={props.onLeave}
        error={props.problem !== undefined}
        helperText={help}
        FormHelperTextProps={{ 'aria-live': 'polite' } as object}
        inputRef={props.inputRef}
        inputProps={{ autoComplete: 'off' }}
        variant="outlined"
        size="small"
        fullWidth
      />
      <div
        className={classes.chips}
        role="group"
        aria-label={t('form.durationChips')}
      >
        {durationChoices(limits).map(seconds => {
          const isChosen = parseDuration(value) === seconds;
          return (
            <Chip
              key={seconds}
              label={durationInSymbols(seconds)}
              size="small"
              variant={isChosen ? 'default' : 'outlined'}
              color={isChosen ? 'primary' : 'default'}
              aria-pressed={isChosen}
              className={classes.chip}
              onClick={() => onChange(durationInSymbols(seconds))}
            />
          );
        })}
      </div>
    </div>
  );
}

function useHelp({ limits, problem }: DurationFieldProps): string {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const min = durationInWords(limits.minDurationSeconds, language);
  const max = durationInWords(limits.maxDurationSeconds, language);
  switch (problem?.kind) {
    case 'unreadable':
      return t('form.durationUnreadable');
    case 'too-short':
      return t('form.durationTooShort', { min });
    case 'too-long':
      return t('form.durationTooLong', { max });
    default:
      return t('form.durationHelp', { min, max });
  }
}
