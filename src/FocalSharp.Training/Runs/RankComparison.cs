using FocalSharp.Torch.Native;
using FocalSharp.Training.Distributed;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Runs;

/// <summary>Checks at the start that all ranks have the same program, settings and data: otherwise they would train something else together.</summary>
internal static class RankComparison
{
    private const int MaxNamed = 3;

    /// <summary>Compares the ranks with rank 0.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="request">The request of this rank.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="fingerprint">Its data.</param>
    /// <exception cref="TrainingException">A rank differs.</exception>
    public static void Require(ICollective ranks, TrainingRequest request, Recipe recipe, DatasetFingerprint fingerprint)
    {
        if (ranks.Size == 1)
        {
            return;
        }

        string[] own =
        [
            $"version: {typeof(RankComparison).Assembly.GetName().Version} ({typeof(RankComparison).Module.ModuleVersionId})",
            $"seed: {request.Options.Seed}",
            $"precision: {request.Options.Precision.Resolve()}",
            .. RecipeBook.Flatten(recipe).Select(entry => $"{entry.Key}: {entry.Value}"),
        ];
        string[] first = ranks.BroadcastText(string.Join('\0', own)).Split('\0');
        string data = ranks.BroadcastText(fingerprint.ToText());
        string? difference = !own.SequenceEqual(first) ? Describe(own, first)
            : fingerprint.DescribeDifference(DatasetFingerprint.Parse(data.Split('\n', StringSplitOptions.RemoveEmptyEntries))) is { } changed
                ? $"{request.DataName} is not the data of rank 0: {changed}. Copy the data set to this machine again."
                : null;
        ranks.ThrowIfAnyFailed(difference is null ? null : new TrainingException(difference));
    }

    private static string Describe(string[] own, string[] first)
    {
        string[] different = [.. own.Except(first).Take(MaxNamed)];
        string[] expected = [.. first.Except(own).Take(MaxNamed)];
        return $"its settings differ from those of rank 0: {string.Join("; ", different)} instead of {string.Join("; ", expected)}. "
            + "Start all ranks with the same version and the same command.";
    }
}
