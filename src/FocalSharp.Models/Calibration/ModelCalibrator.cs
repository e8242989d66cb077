using FocalSharp.Datasets;
using FocalSharp.Detections.Calibration;
using FocalSharp.Evaluation.Calibration.Fitting;
using FocalSharp.Models.Calibration;
using FocalSharp.Models.Catalog;
using FocalSharp.Runtime;

namespace FocalSharp.Models;

/// <summary>
/// Calibrates models on labeled images that they were not trained on. The calibration is stored in the model's file and applied by every detector that
/// loads it: scores estimate the IoU with the object, deviations have the size of the errors, and <see cref="Detections.Detection.GetInterval"/>
/// returns where the true edges lie. docs/uncertainty.md states what is guaranteed.
/// </summary>
public static class ModelCalibrator
{
    /// <summary>Calibrates a model and stores the result in its file. Stored score thresholds remain.</summary>
    /// <param name="model">A run folder (its best weights), a weights file, or an ONNX file.</param>
    /// <param name="images">Labeled images that the model was not trained on.</param>
    /// <param name="output">The file to write; null (default) replaces the model's file atomically.</param>
    /// <param name="progress">Receives the number of images done.</param>
    /// <param name="cancellationToken">Cancels the work; nothing is written.</param>
    /// <returns>The file that was written.</returns>
    /// <exception cref="ModelException">The model cannot be loaded, or it cannot store a calibration.</exception>
    /// <exception cref="DatasetException">No detection matches an object.</exception>
    /// <exception cref="FileException">The file cannot be written; an existing file is unchanged.</exception>
    public static string Calibrate(
        string model, DetectionDataset images, string? output = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentNullException.ThrowIfNull(images);
        string file = ModelZoo.Resolve(model);
        output ??= file;
        ModelCalibrationFile.RequireWritable(file, output);
        DetectionCalibration calibration;
        using (IDetector detector = DetectorLoader.Load(file))
        {
            ObservedImages observed = ObservedImages.Create(detector, images, null, progress, cancellationToken);
            calibration = Fit(detector.Model, images.Name, "", observed, ScoreMapFitter.IouTarget);
        }

        ModelCalibrationFile.Write(file, output, calibration);
        return output;
    }

    /// <summary>Removes the calibration and the score thresholds that are stored in a model.</summary>
    /// <param name="model">A run folder (its best weights), a weights file, or an ONNX file.</param>
    /// <param name="output">The file to write; null (default) replaces the model's file atomically.</param>
    /// <exception cref="FocalSharpException">The model cannot be read or written.</exception>
    public static void Remove(string model, string? output = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        string file = ModelZoo.Resolve(model);
        ModelCalibrationFile.Write(file, output ?? file, null);
    }

    /// <summary>Fits a calibration; the score thresholds of the model remain.</summary>
    internal static DetectionCalibration Fit(ModelInfo model, string data, string split, ObservedImages observed, string target)
    {
        DetectionCalibration calibration = CalibrationFitter.Fit(observed.Images, observed.Detections, model.Classes.Count, target);
        return calibration with
        {
            Source = new CalibrationSource(data, split, observed.Images.Count, BoxMatcher.MatchAll(observed.Images, observed.Detections).Count),
            Thresholds = model.Calibration?.Thresholds,
        };
    }
}
