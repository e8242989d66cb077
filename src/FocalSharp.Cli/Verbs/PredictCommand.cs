using System.Diagnostics;
using System.Globalization;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Drawing;
using FocalSharp.IO;
using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Torch.Native;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>predict</c>: each image through the detector, onto a picture and into one JSON.</summary>
internal static class PredictCommand
{
    private const int MinSide = 8;

    /// <summary>Predicts as asked. An unreadable image is told and passed over; the exit code says that there was one.</summary>
    public static int Run(PredictRequest request, ConsoleUi ui, CancellationToken cancellationToken)
    {
        Validate(request);
        IReadOnlyList<string> files = PredictInputs.Expand(request.Inputs);
        IReadOnlyList<string> pictures = PicturePaths(files, request.Out);
        string weights = ModelZoo.Resolve(request.Model); // before a folder is made for nothing
        string jsonPath = request.Json ?? Path.Combine(request.Out, "predictions.json");
        JsonOutput output = new(jsonPath, ui);
        if (request.Images || request.Json is null)
        {
            DirectoryAccess.RequireWritable(request.Out);
        }

        // From here on libtorch, the first image and the weights are loaded side by side.
        using IDisposable native = LibTorch.Preload();
        using PredictPipeline pipeline = new(files, Read);
        using LoadedModel model = LoadedModel.Load(weights, request.Size);
        model.ConfigureCompute(request.Device, ComputeOptions.ParsePrecision(request.Precision, Precision.Float32));
        ImagePredictor predictor = new(model.Detector, model.ResizeRule, Options(request, model.Detector.Options.Postprocess), request.Tiles);
        List<PredictedImage> found = Detect(request, ui, output.Ui, model, predictor, pipeline, files, pictures, cancellationToken);
        if (found.Count > 0)
        {
            output.Write(() => request.Coco
                ? PredictionJson.Coco(found, model.Detector.Options.Classes)
                : PredictionJson.Readable(found, model.Detector.Options.Classes, model.Path, request.Threshold));
        }

        if (request.Images && found.Count > 0)
        {
            WriteResults(request, output.Ui, found, pictures[files.ToList().IndexOf(found[0].File)]);
        }

        return found.Count == files.Count ? ExitCodes.Success : ExitCodes.UserError;
    }

    private static List<PredictedImage> Detect(
        PredictRequest request,
        ConsoleUi ui,
        ConsoleUi talk,
        LoadedModel model,
        ImagePredictor predictor,
        PredictPipeline pipeline,
        IReadOnlyList<string> files,
        IReadOnlyList<string> pictures,
        CancellationToken cancellationToken)
    {
        List<PredictedImage> found = [];
        long started = Stopwatch.GetTimestamp();
        using IDisposable ready = predictor.EnterInferenceMode();
        for (int i = 0; i < files.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                RgbImage image = pipeline.Next();
                Detection[] detections = predictor.Predict(image)[0];
                found.Add(new PredictedImage(files[i], image.Width, image.Height, detections));
                talk.Line($"{files[i]}: {Summary(detections, model.Detector.Options.Classes)}");
                if (request.Images)
                {
                    string path = pictures[i];
                    pipeline.Write(() => ImageEncoder.Save(DetectionRenderer.Draw(image, detections, model.Detector.Options.Classes), path));
                }
            }
            catch (FocalSharpException exception) when (files.Count > 1)
            {
                ui.Error(exception.Message);
            }
        }

        pipeline.Finish();
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        talk.Dim(string.Create(
            CultureInfo.InvariantCulture,
            $"{found.Count} images, {found.Sum(image => image.Detections.Count)} detections, {found.Count / Math.Max(seconds, 1e-9):0.0} images/s"));

        return found;
    }

    private static void WriteResults(PredictRequest request, ConsoleUi ui, List<PredictedImage> found, string first)
    {
        ui.Success(found.Count == 1 ? $"Picture: {first}" : $"Pictures: {Path.GetFullPath(request.Out)}");
        ui.Line();
        ui.Line("Try next:");
        ui.Line($"  {PictureHint.OpenCommand(first)}      look at it: soft edges are uncertain ones");
        double lower = Math.Round(request.Threshold / 2, 3);
        double higher = Math.Round(0.5 + (request.Threshold / 2), 3);
        bool nothing = found.All(image => image.Detections.Count == 0);
        ui.Line(string.Create(CultureInfo.InvariantCulture, $"  --threshold {(nothing ? lower : higher)}      {(nothing ? "to see what it is less sure of" : "to keep only what it is surer of")}"));
    }

    private static RgbImage Read(string file)
    {
        RgbImage image = ImageDecoder.Decode(file);
        return image.Width >= MinSide && image.Height >= MinSide
            ? image
            : throw new FocalSharpException($"{file}: {image.Width}x{image.Height} pixels hold no object; give an image of at least {MinSide}x{MinSide}.");
    }

    private static PostprocessOptions Options(PredictRequest request, PostprocessOptions own) => own with
    {
        ScoreThreshold = request.Threshold,
        NmsThreshold = request.Nms ?? own.NmsThreshold,
        MaxDetections = request.Max ?? own.MaxDetections,
    };

    private static void Validate(PredictRequest request)
    {
        if (request.Threshold is not (>= 0 and <= 1))
        {
            throw new FocalSharpException($"--threshold {request.Threshold}: a score lies between 0 and 1.");
        }

        if (request.Nms is { } nms && nms is not (>= 0 and <= 1))
        {
            throw new FocalSharpException($"--nms {nms}: an overlap lies between 0 and 1.");
        }

        if (request.Max is < 1)
        {
            throw new FocalSharpException($"--max {request.Max}: ask for at least 1 detection an image.");
        }
    }

    // JPEG for photos, PNG for what came without loss; equal names from several folders are numbered.
    private static string[] PicturePaths(IReadOnlyList<string> files, string folder)
    {
        HashSet<string> inputs = [.. files.Select(Path.GetFullPath)];
        HashSet<string> used = new(StringComparer.OrdinalIgnoreCase);
        return [.. files.Select(file =>
        {
            string extension = Path.GetExtension(file).ToLowerInvariant() is ".jpg" or ".jpeg" or ".webp" ? ".jpg" : ".png";
            string stem = Path.GetFileNameWithoutExtension(file);
            string name = Enumerable.Range(1, int.MaxValue).Select(n => (n == 1 ? stem : $"{stem}-{n}") + extension).First(used.Add);
            string path = Path.GetFullPath(Path.Combine(folder, name));
            return inputs.Contains(path)
                ? throw new FocalSharpException($"{path}: an input would be overwritten by its annotated copy. Choose another folder with --out.")
                : path;
        })];
    }

    private static string Summary(Detection[] detections, IReadOnlyList<string> classes) => detections.Length == 0
        ? "nothing found"
        : string.Join(", ", detections.GroupBy(detection => detection.Label).OrderByDescending(group => group.Count())
            .Select(group => $"{group.Count()} {classes[group.Key]}"));
}
