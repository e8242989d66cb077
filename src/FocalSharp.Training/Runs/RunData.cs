using FocalSharp.Datasets;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Models;
using FocalSharp.Runtime;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Distillation;
using FocalSharp.Training.Distributed;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Runs;

/// <summary>Reads the data of a training run.</summary>
internal static class RunData
{
    /// <summary>Reads and splits the data.</summary>
    /// <param name="request">The request.</param>
    /// <param name="events">What receives warnings about the labels.</param>
    /// <exception cref="DatasetException">The data cannot be read or have no part for training or evaluation.</exception>
    public static (DetectionDataset Dataset, TrainEvalSplit Split) ReadSplit(TrainingRequest request, TrainingEvents events)
    {
        DetectionDataset? dataset = null;
        try
        {
            dataset = request.Dataset ?? DatasetReader.Read(request.Data!);
            dataset = RunLabels.Apply(dataset, request, events);
            return (dataset, TrainEvalSplit.Create(dataset));
        }
        catch (FocalSharpException exception)
        {
            string why = dataset is { Problems.Count: > 0 }
                ? $"{exception.Message} Reading found {RunMessages.DescribeProblems(dataset)}"
                : exception.Message;
            throw new DatasetException(
                request.ResumeFrom is null
                    ? why
                    : $"{request.DataName}: is not the data that {request.ResumeFrom} started with: {why}\nRestore it and resume again. The run is unchanged.",
                exception);
        }
    }

    /// <summary>Adds the unlabeled images, with what the teacher finds in them.</summary>
    /// <param name="training">The labeled training images.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="request">The request, with the folder of unlabeled images; without one, nothing is added.</param>
    /// <param name="events">What receives the number of objects found, and unreadable images.</param>
    /// <param name="ranks">The ranks, which share the work.</param>
    /// <param name="cancellationToken">Cancels the detection.</param>
    public static DetectionDataset AddPseudoLabels(
        DetectionDataset training, Recipe recipe, TrainingRequest request, TrainingEvents events, ICollective ranks, CancellationToken cancellationToken)
    {
        if (request.Unlabeled is not { } folder)
        {
            return training;
        }

        BadImages unreadable = new(FailureAction.Skip, int.MaxValue, "labeling by the teacher"); // it needs no certain image
        ImageDecodeOptions decoding = recipe.DecodeOptions with { OnUnreadable = unreadable.Skip };
        using IDetector teacher = ranks.RunTogether(
            () => DetectorLoader.Load(request.Teacher!, new DetectorLoadOptions { Precision = Precision.Float32, Decode = decoding }));
        DetectionDataset joint = PseudoLabels.AddTo(training, folder, teacher, recipe.Distillation.PseudoLabelScore, ranks, cancellationToken);
        unreadable.Report(events.Warn);
        DatasetImage[] added = [.. joint.Images.Skip(training.Images.Count)];
        events.Report(
            TrainingEvent.WeightsLoaded,
            $"Unlabeled: {folder}: {request.Teacher} finds {added.Sum(image => image.Objects.Count)} objects in {added.Length} images, with scores of at least {recipe.Distillation.PseudoLabelScore}");
        return joint;
    }
}
