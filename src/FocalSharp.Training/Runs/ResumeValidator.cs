using FocalSharp.Torch.Native;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Runs;

/// <summary>Whether what is asked for now goes on with what was asked for then.</summary>
internal static class ResumeValidator
{
    // What they name changes no weight of a run without faults.
    private static readonly string[] ChangeableSettings = ["cacheMegabytes", "cacheDiskMegabytes", "cacheFolder", "checkpoint.", "sentinel.", "description"];

    /// <summary>Compares settings.</summary>
    /// <param name="before">What the run began with.</param>
    /// <param name="request">What is asked for now.</param>
    /// <param name="recipe">The recipe now, resolved as the run's was.</param>
    /// <param name="monitor">Told of changes that are let through.</param>
    /// <exception cref="FocalSharpException">Something that decides the weights has changed, or the run is at its end.</exception>
    public static void ValidateSettings(RunManifest before, TrainingRequest request, Recipe recipe, ITrainingMonitor monitor)
    {
        if (before.Finished)
        {
            throw new FocalSharpException(
                $"{request.ResumeFrom}: is finished, and there is nothing to resume. To train further, start a new run from its weights: "
                + $"focalsharp train {request.Data} --weights {request.ResumeFrom}");
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
                bool free = Array.Exists(ChangeableSettings, name => key == name || (name.EndsWith('.') && key.StartsWith(name, StringComparison.Ordinal)));
                (free ? allowed : wrong).Add($"{key}: {old}, now {current}");
            }
        }

        Compare("seed", before.Seed, now.Seed);
        Compare("device", before.Device, now.Device);
        Compare("precision", before.Precision, request.Options.Precision.Resolve());
        Compare("weights", before.Weights ?? "none", now.Weights ?? "none");
        if (wrong.Count > 0)
        {
            throw new FocalSharpException(
                $"{request.ResumeFrom}: was begun with other settings, and going on would make a training that neither describes:\n  {string.Join("\n  ", wrong)}\n"
                + "Leave these settings as they were, or start a new run; --weights takes this one's weights along.");
        }

        foreach (string change in allowed)
        {
            monitor.Info($"Changed: {change}");
        }

        if (before.Threads != now.Threads)
        {
            monitor.Warn($"The run began with {before.Threads} threads and goes on with {now.Threads}: its weights will be as good, but not bit for bit those of an unbroken run.");
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
    /// <exception cref="FocalSharpException">It is not what the run began with.</exception>
    public static void ValidateData(DatasetFingerprint before, DatasetFingerprint now, TrainingRequest request)
    {
        if (now.DescribeDifference(before) is { } difference)
        {
            throw new FocalSharpException(
                $"{request.Data}: is not the data that {request.ResumeFrom} began with: {difference}. Bring it back as it was and resume again, or start a new run "
                + $"on the new data from what was learned: focalsharp train {request.Data} --weights {request.ResumeFrom}. Nothing of the run was touched.");
        }
    }
}
