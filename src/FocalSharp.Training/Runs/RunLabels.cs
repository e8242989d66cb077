using FocalSharp.Datasets;
using FocalSharp.Datasets.Patching;
using FocalSharp.IO;
using FocalSharp.Models;
using FocalSharp.Training.Loop;

namespace FocalSharp.Training.Runs;

/// <summary>The label patch of a run. The run has a copy, because the patch beside the data set may grow while it trains.</summary>
internal static class RunLabels
{
    private const int MaxWarnings = 5;

    /// <summary>Applies the patch of a request: that of the run to resume, otherwise the one that was passed.</summary>
    /// <exception cref="FileException">The patch cannot be read.</exception>
    public static DetectionDataset Apply(DetectionDataset dataset, TrainingRequest request, TrainingEvents events)
    {
        if (FindPatch(request) is not { } path)
        {
            return dataset;
        }

        PatchResult result = LabelPatcher.Apply(dataset, LabelPatch.Read(path));
        events.Report(TrainingEvent.DatasetLoaded, $"Label patch {path}: {result.Describe()}");
        foreach (string conflict in result.Conflicts.Take(MaxWarnings))
        {
            events.Warn($"{path}: {conflict}");
        }

        return result.Dataset;
    }

    /// <summary>Applies the patch of a run, if it has one.</summary>
    /// <exception cref="FileException">The patch cannot be read.</exception>
    public static DetectionDataset Apply(DetectionDataset dataset, RunFolder folder) =>
        File.Exists(folder.LabelPatchPath) ? LabelPatcher.Apply(dataset, LabelPatch.Read(folder.LabelPatchPath)).Dataset : dataset;

    /// <summary>Saves the patch of a request in the folder of a new run, once: it may have changed when the manifest is written again.</summary>
    public static void Save(TrainingRequest request, RunFolder folder)
    {
        if (request.LabelPatch is { } path && !File.Exists(folder.LabelPatchPath))
        {
            AtomicFile.Write(folder.LabelPatchPath, stream => stream.Write(File.ReadAllBytes(path)));
        }
    }

    private static string? FindPatch(TrainingRequest request) =>
        request.ResumeFrom is { } run ? RunFolder.FindToResume(run).LabelPatchPath is { } saved && File.Exists(saved) ? saved : null : request.LabelPatch;
}
