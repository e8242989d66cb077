using FocalSharp.Torch.Native;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Runs;

/// <summary>Checks that a request to resume a run has the settings and the data that the run started with.</summary>
internal static class ResumeValidator
{
    // They do not change the weights of a run without bad steps.
    private static readonly string[] ChangeableSettings = ["cacheMegabytes", "cacheDiskMegabytes", "cacheFolder", "checkpoint.", "lossGuard.", "description"];

    /// <summary>Compares the settings.</summary>
    /// <param name="before">The manifest of the run.</param>
    /// <param name="request">The request to resume it.</param>
    /// <param name="recipe">The requested recipe, resolved like the run's.</param>
    /// <param name="events">Receives the permitted changes.</param>
    /// <exception cref="TrainingException">A setting that changes the weights differs, or the run is finished.</exception>
    public static void ValidateSettings(RunManifest before, TrainingRequest request, Recipe recipe, TrainingEvents events)
    {
        if (before.Finished)
        {
            throw new TrainingException($"{request.ResumeFrom}: is finished; there is nothing to resume. To train further, start a new run from its weights.");
        }

        RunManifest now = RunManifest.Create(request, recipe);
        List<string> wrong = [];
        List<string> allowed = [];
        foreach (string key in before.Recipe.Keys.Union(now.Recipe.Keys, StringComparer.Ordinal))
        {
            string old = before.Recipe.GetValueOrDefault(key, "absent");
            string current = now.Recipe.GetValueOrDefault(key, "absent");
            if (old != current)
            {
                bool changeable = Array.Exists(ChangeableSettings, name => key == name || (name.EndsWith('.') && key.StartsWith(name, StringComparison.Ordinal)));
                (changeable ? allowed : wrong).Add($"{key}: {old}, now {current}");
            }
        }

        Compare("seed", before.Seed, now.Seed);
        Compare("device", before.Device, now.Device);
        Compare("precision", before.Precision, request.Options.Precision.Resolve());
        Compare("weights", before.Weights ?? "none", now.Weights ?? "none");
        Compare("teacher", before.Teacher ?? "none", now.Teacher ?? "none");
        Compare("unlabeled images", before.Unlabeled ?? "none", now.Unlabeled ?? "none");
        Compare("metrics", string.Join(", ", before.Metrics), string.Join(", ", now.Metrics));
        if (wrong.Count > 0)
        {
            throw new TrainingException(
                $"{request.ResumeFrom}: was started with other settings, so it cannot be resumed with these:\n  {string.Join("\n  ", wrong)}\n"
                + "Restore these settings, or start a new run from this run's weights.");
        }

        foreach (string change in allowed)
        {
            events.Report(TrainingEvent.SettingChanged, $"Changed: {change}", null, ("change", change));
        }

        if (before.Threads != now.Threads)
        {
            events.Warn(
                "threads_changed",
                $"The run started with {before.Threads} threads and continues with {now.Threads}: its weights will differ in the last bits from those of an "
                + "uninterrupted run.");
        }

        void Compare<T>(string what, T old, T current)
        {
            if (!EqualityComparer<T>.Default.Equals(old, current))
            {
                wrong.Add($"{what}: {old}, now {current}");
            }
        }
    }

    /// <summary>Compares the data.</summary>
    /// <param name="before">The fingerprint of the run's data.</param>
    /// <param name="now">The fingerprint of the requested data.</param>
    /// <param name="request">The request to resume the run.</param>
    /// <exception cref="DatasetException">The data differs.</exception>
    public static void ValidateData(DatasetFingerprint before, DatasetFingerprint now, TrainingRequest request)
    {
        if (now.DescribeDifference(before) is { } difference)
        {
            throw new DatasetException(
                $"{request.DataName}: is not the data that {request.ResumeFrom} started with: {difference}. Restore it and resume again, or start a new run "
                + "on the new data from this run's weights. The run is unchanged.");
        }
    }
}
