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
import { FieldHelp } from '../ui';
import { FieldLabel } from './FieldLabel';
import type { FieldProblem } from './requestForm';
import { durationChoices } from './requestForm';

const FIELD_ID = 'kubernetes-access-duration';
const HELP_ID = `${FIELD_ID}-help`;

const useStyles = makeStyles((theme: Theme) => ({
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
  },
  // One row together with the field, however it breaks.
  chips: { display: 'contents' },
  chip: { margin: 0 },
  // Room for "1 h 30 min".
  typed: { width: 128 },
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
  const isWrong = props.problem !== undefined;
  return (
    <div>
      <FieldLabel htmlFor={FIELD_ID}>{t('form.duration')}</FieldLabel>
      <div className={classes.row}>
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
                variant={isChosen ? 'default' : 'outlined'}
                color={isChosen ? 'primary' : 'default'}
                aria-pressed={isChosen}
                className={classes.chip}
                onClick={() => onChange(durationInSymbols(seconds))}
              />
            );
          })}
        </div>
        <TextField
          id={FIELD_ID}
          value={value}
          onChange={event => onChange(event.target.value)}
          onBlur={props.onLeave}
          error={isWrong}
          inputRef={props.inputRef}
          inputProps={{ autoComplete: 'off', 'aria-describedby': HELP_ID }}
          variant="outlined"
          margin="none"
          size="small"
          hiddenLabel
          className={classes.typed}
        />
      </div>
      <FieldHelp id={HELP_ID} isWrong={isWrong}>
        {help}
      </FieldHelp>
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
