using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Terminal;

/// <summary>Prints the result of a training run: metrics, files and the next steps.</summary>
internal static class TrainingResultView
{
    /// <summary>Prints the result.</summary>
    /// <param name="ui">The console.</param>
    /// <param name="result">The result.</param>
    /// <param name="data">The data set as typed.</param>
    public static void Write(ConsoleUi ui, TrainingResult result, string data)
    {
        ui.Line();
        if (result.Result is { } numbers)
        {
            WriteMetrics(ui, result, numbers);
        }
        else
        {
            ui.Heading($"Stopped during the evaluation, after {result.Epochs} of {Quantity.Format(result.PlannedEpochs, "epoch")}. The weights are saved; resuming repeats the evaluation.");
        }

        ui.Line();
        if (result.Result is not null)
        {
            ui.Field("Report", result.Folder.ReportPath);
        }

        if (result.PreviewPath is { } images)
        {
            ui.Field("Images", images);
        }

        ui.Field("Weights", result.Folder.LastWeightsPath);
        if (result.Result is not null)
        {
            ui.Field("Metrics", result.Folder.ResultPath);
        }

        ui.Line();
        ui.Line("Next steps:");
        string folder = Path.GetRelativePath(Directory.GetCurrentDirectory(), result.Folder.Path);
        if (result.Interrupted)
        {
            ui.Line($"  focalsharp train --resume {folder}      resume training");
        }

        ui.Line($"  focalsharp predict {folder} YOUR_IMAGE.jpg      detect objects, with an uncertainty for each edge");
        ui.Line($"  focalsharp eval {folder} {data}      evaluate the weights again");
        ui.Line($"  focalsharp calibrate {folder} {data}      calibrate scores and edges, on the evaluation images that were not trained on");
        ui.Line("  focalsharp train YOUR_DATASET      train on your own images (COCO, Pascal VOC or YOLO)");
    }

    private static void WriteMetrics(ConsoleUi ui, TrainingResult result, RunResult numbers)
    {
        ui.Heading(result.Interrupted
            ? $"Stopped after {result.Epochs} of {Quantity.Format(result.PlannedEpochs, "epoch")}. The current weights are saved; evaluated on the {numbers.Split} split:"
            : $"Weights after the last epoch, evaluated on the {numbers.Split} split:");
        Tables.Write(ui, numbers.Metrics);
        if (numbers.Calibration is { } calibration)
        {
            CalibrationView.Write(ui, calibration);
        }

        if (numbers.PretrainedAP is { } pretrained)
        {
            ui.Line(pretrained > numbers.Metrics.AP
                ? $"The pretrained weights had a higher AP ({Tables.FormatScore(pretrained)}): training on these images did not improve them. 'predict', 'eval' and 'export'"
                    + " use the run's best weights. Add images, especially ones that the model gets wrong."
                : $"AP of the pretrained weights: {Tables.FormatScore(pretrained)}.");
        }

        foreach ((string name, double value) in numbers.AdditionalMetrics)
        {
            ui.Line($"{name}: {Tables.FormatScore(value)}");
        }
    }
}
