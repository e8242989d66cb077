using System.Globalization;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Training.Loop;

namespace FocalSharp.Training.Tuning;

/// <summary>Records and reports what a tuning measures on the held-out images, and which settings replace the recipe's.</summary>
internal sealed class TuningLog
{
    private readonly DetectionDataset _heldOut;
    private readonly TrainingEvents _events;
    private readonly List<TuningMeasurement> _measurements = [];
    private readonly List<string> _changes = [];

    /// <summary>Initializes an empty log.</summary>
    /// <param name="heldOut">The held-out images.</param>
    /// <param name="events">What receives the measurements.</param>
    public TuningLog(DetectionDataset heldOut, TrainingEvents events) => (_heldOut, _events) = (heldOut, events);

    /// <summary>Gets the number of changes so far.</summary>
    public int ChangeCount => _changes.Count;

    /// <summary>Adds a change of the recipe.</summary>
    /// <param name="change">What is changed, for the summary.</param>
    public void AddChange(string change) => _changes.Add(change);

    /// <summary>Removes the changes after the first ones.</summary>
    /// <param name="count">The number of changes that remain.</param>
    public void RemoveChanges(int count) => _changes.RemoveRange(count, _changes.Count - count);

    /// <summary>Records a measurement that is not compared with another one, and returns its metrics.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="detections">The detections in each held-out image.</param>
    /// <param name="seconds">The duration of the measurement.</param>
    /// <param name="matches">For pretrained weights, the pretrained class that detects each class best.</param>
    public CocoMetrics Add(string setting, IReadOnlyList<IReadOnlyList<Detection>> detections, double seconds, IReadOnlyList<ClassMatch>? matches = null)
    {
        CocoMetrics metrics = CocoEvaluator.Evaluate(_heldOut, detections);
        Add(new TuningMeasurement { Setting = setting, AP = metrics.AP, AP50 = metrics.AP50, Matches = matches, Seconds = seconds });
        return metrics;
    }

    /// <summary>Records a measurement and returns whether it replaces the best one so far.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="before">The detections of the best setting so far; null if there is none.</param>
    /// <param name="after">The detections of this setting.</param>
    /// <param name="seconds">The duration of the measurement.</param>
    /// <param name="needsSignificance">Whether the improvement must be significant.</param>
    public bool Compare(
        string setting, IReadOnlyList<IReadOnlyList<Detection>>? before, IReadOnlyList<IReadOnlyList<Detection>> after, double seconds, bool needsSignificance)
    {
        CocoMetrics metrics = CocoEvaluator.Evaluate(_heldOut, after);
        ApDifference? difference = before is null ? null : ApDifference.Compute(_heldOut, before, after);
        bool accepted = difference is not { } change || (needsSignificance ? change.IsSignificantImprovement : change.Difference > 0);
        string numbers = Add(new TuningMeasurement
        {
            Setting = setting,
            AP = metrics.AP,
            AP50 = metrics.AP50,
            Difference = difference?.Difference,
            StandardError = difference?.StandardError,
            Accepted = accepted,
            Seconds = seconds,
        });
        if (difference is not null && accepted)
        {
            _changes.Add(numbers);
        }

        return accepted;
    }

    /// <summary>Reports the end of the tuning and returns its result.</summary>
    /// <param name="trialSteps">The steps of a trial.</param>
    /// <param name="seconds">The duration of the tuning.</param>
    public TuningResult Complete(int trialSteps, double seconds)
    {
        string outcome = _changes.Count > 0 ? string.Join("; ", _changes)
            : _measurements.Exists(measurement => measurement.Accepted) ? "no measured setting improves the recipe"
            : "no trial fits into the time limit, so the recipe is used as it is";
        TuningResult result = new()
        {
            Summary = string.Create(CultureInfo.InvariantCulture, $"Tuning ({seconds:0} s, {_measurements.Count} measurements on {_heldOut.Images.Count} held-out images): {outcome}"),
            HeldOutImages = _heldOut.Images.Count,
            TrialSteps = trialSteps,
            Seconds = seconds,
            Measurements = _measurements,
        };
        _events.Report(TrainingEvent.TuningCompleted, result.Summary);
        return result;
    }

    /// <summary>Records and reports a measurement, and returns it as text.</summary>
    private string Add(TuningMeasurement measurement)
    {
        _measurements.Add(measurement);
        string numbers = string.Create(CultureInfo.InvariantCulture, $"{measurement.Setting}: AP {measurement.AP:0.000}");
        if (measurement.Difference is not { } difference)
        {
            _events.Report(TrainingEvent.TuningMeasured, numbers, null, ("setting", measurement.Setting), ("ap", measurement.AP));
            return numbers;
        }

        numbers += string.Create(CultureInfo.InvariantCulture, $" ({difference:+0.000;−0.000} ± {measurement.StandardError:0.000})");
        _events.Report(
            TrainingEvent.TuningMeasured,
            numbers,
            null,
            ("setting", measurement.Setting),
            ("ap", measurement.AP),
            ("difference", difference),
            ("standard_error", measurement.StandardError),
            ("accepted", measurement.Accepted));
        return numbers;
    }
}
