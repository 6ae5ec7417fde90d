import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { EntityTarget } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import FormControl from '@material-ui/core/FormControl';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import { kubernetesAccessTranslationRef } from '../../translation';
import { FieldHelp, Place } from '../ui';
import { FieldLabel } from './FieldLabel';
import { PodList } from './PodList';
import { keyOf } from './requestForm';

interface TargetFieldProps {
  targets: EntityTarget[];
  value: string | undefined;
  isMissing: boolean;
  /** Gets the first place that can be chosen. */
  inputRef: React.Ref<HTMLInputElement>;
  onChange(targetKey: string): void;
}

/** Where: stated when there is one place, a choice when there are several. */
export function TargetField(props: TargetFieldProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const { targets } = props;
  const first = targets.find(({ problem }) => !problem);
  if (targets.length === 1) {
    return (
      <div role="group" aria-label={t('form.where')}>
        <FieldLabel>{t('form.where')}</FieldLabel>
        <Typography component="p">
          <TargetPlace target={targets[0]} />
        </Typography>
        <TargetPods target={targets[0]} />
      </div>
    );
  }
  return (
    <FormControl component="fieldset" error={props.isMissing} fullWidth>
      <FieldLabel component="legend">{t('form.where')}</FieldLabel>
      <RadioGroup
        name="target"
        value={props.value ?? ''}
        onChange={event => props.onChange(event.target.value)}
      >
        {targets.map(target => (
          <TargetChoice
            key={keyOf(target)}
            target={target}
            isChosen={keyOf(target) === props.value}
            inputRef={target === first ? props.inputRef : undefined}
          />
        ))}
      </RadioGroup>
      {props.isMissing && (
        <FieldHelp id="kubernetes-access-where-help" isWrong>
          {t('form.whereMissing')}
        </FieldHelp>
      )}
    </FormControl>
  );
}

function TargetChoice(props: {
  target: EntityTarget;
  isChosen: boolean;
  inputRef?: React.Ref<HTMLInputElement>;
}) {
  const { target } = props;
  return (
    <>
      <FormControlLabel
        value={keyOf(target)}
        control={<Radio color="primary" inputRef={props.inputRef} />}
        disabled={target.problem !== undefined}
        label={<TargetPlace target={target} />}
      />
      {(props.isChosen || target.problem) && <TargetPods target={target} />}
    </>
  );
}

function TargetPlace({ target }: { target: EntityTarget }) {
  return (
    <Place
      cluster={target.cluster}
      targets={[{ namespace: target.namespace }]}
    />
  );
}

function TargetPods({ target }: { target: EntityTarget }) {
  return target.problem ? (
    <Alert severity="info" variant="outlined">
      {target.problem.message}
    </Alert>
  ) : (
    <PodList pods={target.pods} />
  );
}
