using System.Diagnostics;
using FocalSharp.Cli.Terminal;
using FocalSharp.Decoding;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Drawing;
using FocalSharp.Training.Inference;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>predict</c>: each image through the detector, onto a picture and into one JSON.</summary>
internal static class PredictCommand
{
    private const int LeastSide = 8;

    /// <summary>Predicts as asked. An unreadable image is told and passed over; the exit code says that there was one.</summary>
    public static int Run(PredictRequest request, ConsoleUi ui, CancellationToken cancellation)
    {
        Validate(request);
        IReadOnlyList<string> files = PredictInputs.Expand(request.Inputs);
        IReadOnlyList<string> pictures = PicturePaths(files, request.Out);
        string jsonPath = request.Json ?? Path.Combine(request.Out, "predictions.json");
        JsonOutput output = new(jsonPath, ui);
        if (request.Images || request.Json is null)
        {
            FolderProbe.RequireWritable(request.Out);
        }

        using LoadedModel model = LoadedModel.Load(request.Model, request.Size);
        ImagePredictor predictor = new(model.Detector, model.Rule, Options(request, model.Detector.Options.Postprocess));
        List<PredictedImage> found = Detect(request, ui, output.Ui, model, predictor, files, pictures, cancellation);
        if (found.Count > 0)
        {
            output.Write(() => request.Coco
                ? PredictionJson.Coco(found, model.Detector.Options.Classes)
                : PredictionJson.Readable(found, model.Detector.Options.Classes, model.Path, request.Threshold));
        }

        return found.Count == files.Count ? ExitCodes.Success : ExitCodes.UserError;
    }

    private static List<PredictedImage> Detect(
        PredictRequest request,
        ConsoleUi ui,
        ConsoleUi talk,
        LoadedModel model,
        ImagePredictor predictor,
        IReadOnlyList<string> files,
        IReadOnlyList<string> pictures,
        CancellationToken cancellation)
    {
        List<PredictedImage> found = [];
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < files.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                RgbImage image = Read(files[i]);
                Detection[] detections = predictor.Predict(image)[0];
                found.Add(new PredictedImage(files[i], image.Width, image.Height, detections));
                talk.Line($"{files[i]}: {Summary(detections, model.Detector.Options.Classes)}");
                if (request.Images)
                {
                    ImageEncoder.Save(DetectionRenderer.Draw(image, detections, model.Detector.Options.Classes), pictures[i]);
                }
            }
            catch (UserErrorException exception) when (files.Count > 1)
            {
                ui.Error(exception.Message);
            }
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        talk.Quiet(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{found.Count} images, {found.Sum(image => image.Detections.Count)} detections, {found.Count / Math.Max(seconds, 1e-9):0.0} images/s"));
        if (request.Images && found.Count > 0)
        {
            talk.Success($"Pictures: {request.Out}");
        }

        return found;
    }

    private static RgbImage Read(string file)
    {
        RgbImage image = ImageDecoder.Decode(file);
        return image.Width >= LeastSide && image.Height >= LeastSide
            ? image
            : throw new UserErrorException($"{file}: {image.Width}x{image.Height} pixels hold no object; give an image of at least {LeastSide}x{LeastSide}.");
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
            throw new UserErrorException($"--threshold {request.Threshold}: a score lies between 0 and 1.");
        }

        if (request.Nms is { } nms && nms is not (>= 0 and <= 1))
        {
            throw new UserErrorException($"--nms {nms}: an overlap lies between 0 and 1.");
        }

        if (request.Max is < 1)
        {
            throw new UserErrorException($"--max {request.Max}: ask for at least 1 detection an image.");
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
                ? throw new UserErrorException($"{path}: an input would be overwritten by its annotated copy. Choose another folder with --out.")
                : path;
        })];
    }

    private static string Summary(Detection[] detections, IReadOnlyList<string> classes) => detections.Length == 0
        ? "nothing found"
        : string.Join(", ", detections.GroupBy(detection => detection.Label).OrderByDescending(group => group.Count())
            .Select(group => $"{group.Count()} {classes[group.Key]}"));
}
