import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { RequestLimits } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import TextField from '@material-ui/core/TextField';
import { makeStyles } from '@material-ui/core/styles';
import { kubernetesAccessTranslationRef } from '../../translation';
import { FieldHelp } from '../ui';
import { FieldLabel } from './FieldLabel';
import type { FieldProblem } from './requestForm';

const useStyles = makeStyles({
  count: { whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' },
});

/** By which others lead into the form. */
export const REASON_FIELD_ID = 'kubernetes-access-reason';
const HELP_ID = `${REASON_FIELD_ID}-help`;

interface ReasonFieldProps {
  value: string;
  limits: RequestLimits;
  problem?: Extract<FieldProblem, { field: 'reason' }>;
  /** Whether the problem is to be shown in red: not while somebody has only begun to write. */
  isAlarming: boolean;
  inputRef: React.Ref<HTMLTextAreaElement>;
  onChange(reason: string): void;
  onLeave(): void;
}

/** Why, in the requester's own words. */
export function ReasonField(props: ReasonFieldProps) {
  const { value, limits } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const isWrong = props.problem !== undefined && props.isAlarming;
  return (
    <div>
      <FieldLabel htmlFor={REASON_FIELD_ID}>{t('form.reason')}</FieldLabel>
      <TextField
        id={REASON_FIELD_ID}
        placeholder={t('form.reasonPlaceholder')}
        value={value}
        onChange={event => props.onChange(event.target.value)}
        onBlur={props.onLeave}
        error={isWrong}
        inputRef={props.inputRef}
        inputProps={{ 'aria-describedby': HELP_ID }}
        variant="outlined"
        size="small"
        hiddenLabel
        multiline
        minRows={3}
        maxRows={12}
        fullWidth
      />
      <FieldHelp
        id={HELP_ID}
        isWrong={isWrong}
        aside={
          <span className={classes.count}>
            {t('form.reasonCount', {
              length: String(value.trim().length),
              max: String(limits.maxReasonLength),
            })}
          </span>
        }
      >
        {helpText()}
      </FieldHelp>
    </div>
  );

  function helpText(): string {
    if (!props.problem || (!value && !props.isAlarming)) {
      return t('form.reasonHelp', { min: String(limits.minReasonLength) });
    }
    return props.problem.kind === 'too-short'
      ? t('form.reasonTooShort', { count: props.problem.by })
      : t('form.reasonTooLong', { count: props.problem.by });
  }
}
