using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Terminal;

/// <summary>Prints the result of a training run: metrics, files and the next steps.</summary>
internal static class TrainingOutcomeView
{
    /// <summary>Prints the result.</summary>
    /// <param name="ui">The console.</param>
    /// <param name="outcome">The result.</param>
    /// <param name="data">The data set as typed.</param>
    public static void Write(ConsoleUi ui, TrainingOutcome outcome, string data)
    {
        ui.Line();
        ui.Heading(outcome.Interrupted
            ? $"Stopped after {outcome.Epochs} of {outcome.PlannedEpochs} epochs. The current weights are saved; evaluated on the {outcome.Result.Split} split:"
            : $"Weights after the last epoch, evaluated on the {outcome.Result.Split} split:");
        Tables.Write(ui, outcome.Result.Metrics);
        if (outcome.Result.Calibration is { } calibration)
        {
            CalibrationView.Write(ui, calibration);
        }

        if (outcome.Result.PretrainedAP is { } pretrained)
        {
            ui.Line(pretrained > outcome.Result.Metrics.AP
                ? $"The pretrained weights had a higher AP ({Tables.FormatScore(pretrained)}): training on these images did not improve them. 'predict', 'eval' and 'export'"
                    + " use the run's best weights. Add images, especially ones that the model gets wrong."
                : $"AP of the pretrained weights: {Tables.FormatScore(pretrained)}.");
        }

        ui.Line();
        ui.Field("Report", outcome.Folder.ReportPath);
        if (outcome.PreviewPath is { } images)
        {
            ui.Field("Images", images);
        }

        ui.Field("Weights", outcome.Folder.LastWeightsPath);
        ui.Field("Metrics", outcome.Folder.ResultPath);
        ui.Line();
        ui.Line("Next steps:");
        string folder = Path.GetRelativePath(Directory.GetCurrentDirectory(), outcome.Folder.Path);
        if (outcome.Interrupted)
        {
            ui.Line($"  focalsharp train --resume {folder}      resume training");
        }

        ui.Line($"  focalsharp predict {folder} YOUR_IMAGE.jpg      detect objects, with an uncertainty for each edge");
        ui.Line($"  focalsharp eval {folder} {data}      evaluate the weights again");
        ui.Line("  focalsharp train YOUR_DATASET      train on your own images (COCO, Pascal VOC or YOLO)");
    }
}
