using System.Diagnostics;
using System.Runtime.CompilerServices;
using FocalSharp.Reporting;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Runs;

namespace FocalSharp.Explorer.Training;

/// <summary>The state of a training run, for the page that shows it. The training thread reports to it; any number of readers follow it.</summary>
internal sealed class TrainingFeed : IProgress<TrainingProgress>
{
    private const int MaxPoints = 400;
    private const int MaxMessages = 20;
    private const double MinPictureScore = 0.3;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<LossPoint> _losses = [];
    private readonly List<EvaluationSummary> _evaluations = [];
    private readonly Queue<string> _messages = [];
    private readonly Stopwatch _clock = new();
    private IReadOnlyList<ReportPicture> _pictures = [];
    private StepMetrics _last;
    private int _stepsPerPoint = 1;
    private int _firstStep;
    private int _totalSteps;
    private int _totalEpochs;
    private int _pictureVersion;
    private int _version;
    private string _phase = "Preparing";
    private bool _ended;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        lock (_lock)
        {
            _version++;
            _totalSteps = Math.Max(_totalSteps, value.TotalSteps);
            _totalEpochs = Math.Max(_totalEpochs, value.TotalEpochs);
            switch (value.Event)
            {
                case TrainingEvent.StepCompleted:
                    AddStep(value.Step!.Value);
                    break;
                case TrainingEvent.EvaluationCompleted:
                    _evaluations.Add(value.Evaluation!);
                    break;
                case TrainingEvent.EvaluationProgress:
                    _phase = $"Evaluating: {value.Done} of {value.Total} images";
                    break;
                case TrainingEvent.Rescaled:
                    _totalSteps = value.TotalSteps;
                    break;
                case TrainingEvent.TuningProgress:
                    _phase = value.Message;
                    break;
                case TrainingEvent.EpochCompleted:
                    break;
                default:
                    AddMessage(value.IsWarning ? "Warning: " + value.Message : value.Message);
                    break;
            }
        }
    }

    /// <summary>Draws images with their detections after an evaluation.</summary>
    public void ReportEvaluation(EvaluationContext evaluation)
    {
        IReadOnlyList<ReportPicture> pictures = ValidationPictures.Draw(evaluation.Dataset, evaluation.Detections, MinPictureScore, folder: null, out _);
        lock (_lock)
        {
            (_pictures, _version) = (pictures, _version + 1);
            _pictureVersion++;
        }
    }

    /// <summary>Reports to the readers that the run ended.</summary>
    /// <param name="message">The last message.</param>
    public void End(string message)
    {
        lock (_lock)
        {
            (_ended, _phase, _version) = (true, message, _version + 1);
        }
    }

    /// <summary>Returns the JPEG of a picture, or null if there is none.</summary>
    public byte[]? FindPicture(int index)
    {
        lock (_lock)
        {
            return index >= 0 && index < _pictures.Count ? _pictures[index].Prediction : null;
        }
    }

    /// <summary>Returns the current state as JSON, and again whenever it has changed, at most once a second, until the run ends.</summary>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int sent = -1;
        while (true)
        {
            bool ended;
            string? state = null;
            lock (_lock)
            {
                ended = _ended;
                if (sent != _version)
                {
                    sent = _version;
                    state = TrainingJson.Write(CreateState());
                }
            }

            if (state is not null)
            {
                yield return state;
            }

            if (ended)
            {
                yield break;
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }

    private void AddStep(StepMetrics step)
    {
        if (!_clock.IsRunning)
        {
            _clock.Start();
            _firstStep = step.Step;
        }

        _phase = "Training";
        _last = step;
        if (step.Skipped)
        {
            return;
        }

        if (_losses.Count > 0 && _losses[^1].Count < _stepsPerPoint)
        {
            _losses[^1] = _losses[^1].Add(step);
            return;
        }

        if (_losses.Count == MaxPoints)
        {
            for (int i = 0; i < MaxPoints / 2; i++)
            {
                _losses[i] = _losses[2 * i].Merge(_losses[(2 * i) + 1]);
            }

            _losses.RemoveRange(MaxPoints / 2, MaxPoints / 2);
            _stepsPerPoint *= 2;
        }

        _losses.Add(default(LossPoint).Add(step));
    }

    private void AddMessage(string message)
    {
        _phase = message;
        _messages.Enqueue(message);
        if (_messages.Count > MaxMessages)
        {
            _messages.Dequeue();
        }
    }

    private TrainingState CreateState()
    {
        int taken = _clock.IsRunning ? _last.Step + 1 : 0;
        double perStep = taken > _firstStep ? _clock.Elapsed.TotalSeconds / (taken - _firstStep) : 0;
        return new TrainingState
        {
            Phase = _phase,
            Ended = _ended,
            Step = taken,
            TotalSteps = _totalSteps,
            Epoch = taken > 0 ? _last.Epoch + 1 : 0,
            TotalEpochs = _totalEpochs,
            SecondsLeft = perStep > 0 && !_ended ? perStep * Math.Max(0, _totalSteps - taken) : null,
            LearningRate = _last.LearningRate,
            ImagesPerSecond = _last.Images / Math.Max(_last.Seconds, 1e-9),
            Losses = [.. _losses],
            Evaluations = [.. _evaluations],
            Messages = [.. _messages],
            Captions = [.. _pictures.Select(picture => picture.Caption)],
            PictureVersion = _pictureVersion,
        };
    }
}
