using System.Globalization;
using System.Text.Json;
using FocalSharp.Assignment;
using FocalSharp.Checkpoints;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;

namespace FocalSharp.Training.Loop;

/// <summary>
/// The batch of a bad step with the weights before the step, as one safetensors file: the detector under its usual names, and the batch as
/// <c>batch.pixels</c> uint8 <c>[B, 3, H, W]</c>, <c>batch.frames</c> int64 <c>[B, 2]</c> (width, height), <c>batch.boxes</c> float32
/// <c>[objects, 4]</c>, <c>batch.labels</c> and <c>batch.owners</c> int64 <c>[objects]</c>. Reading it needs neither the data set nor the run.
/// </summary>
internal sealed record BadStepFile
{
    private const string Prefix = "batch.";
    private const string NamesKey = "names";
    private const string SummaryKey = "problem";
    private const string FirstSummaryKey = "fault"; // of version 0.1
    private const string PrecisionKey = "precision";
    private const string StepKey = "step";

    /// <summary>Gets the batch.</summary>
    public required TrainingBatch Batch { get; init; }

    /// <summary>Gets, for each image, the files that it was composed of.</summary>
    public required IReadOnlyList<string> ImageNames { get; init; }

    /// <summary>Gets what happened, in one line.</summary>
    public required string Summary { get; init; }

    /// <summary>Gets the precision of the step.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>Writes the batch of a bad step with the detector before the step.</summary>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public static void Save(string path, GflDetector model, BadStep error)
    {
        TrainingBatch batch = error.Batch;
        long[] owners = [.. batch.Targets.SelectMany((truth, image) => Enumerable.Repeat((long)image, truth.Count))];
        IEnumerable<KeyValuePair<string, StateTensor>> tensors =
        [
            .. TensorConversion.ToState(model),
            new(Prefix + "pixels", StateTensor.From(batch.Pixels, batch.Count, 3, batch.Height, batch.Width)),
            new(Prefix + "frames", StateTensor.From([.. batch.Frames.SelectMany(frame => new long[] { frame.Width, frame.Height })], batch.Count, 2)),
            new(Prefix + "boxes", StateTensor.From([.. batch.Targets.SelectMany(truth => truth.Boxes)], owners.Length, 4)),
            new(Prefix + "labels", StateTensor.From([.. batch.Targets.SelectMany(truth => truth.Labels.Select(label => (long)label))], owners.Length)),
            new(Prefix + "owners", StateTensor.From(owners, owners.Length)),
        ];
        DetectorCheckpoint.SaveComplete(path, model.Options, new StateDict(tensors), new Dictionary<string, string>
        {
            [NamesKey] = JsonSerializer.Serialize(error.ImageNames),
            [SummaryKey] = error.Summary,
            [PrecisionKey] = model.Precision.Resolve().ToString(),
            [StepKey] = error.Step.Step.ToString(CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Reads a batch and its detector; the caller disposes the detector.</summary>
    /// <exception cref="FocalSharpException">The file is missing, damaged, or contains no batch.</exception>
    public static (GflDetector Model, BadStepFile File) Read(string path)
    {
        StateDict all = SafetensorsFile.Read(path);
        if (!all.Contains(Prefix + "pixels"))
        {
            throw new FileException($"{path}: contains no batch to replay. A run saves the batches of bad steps as step-….safetensors in its folder of bad steps.") { Path = path };
        }

        BadStepFile file;
        try
        {
            file = new BadStepFile
            {
                Batch = ReadBatch(all),
                ImageNames = JsonSerializer.Deserialize<string[]>(all.Metadata[NamesKey])!,
                Summary = all.Metadata.GetValueOrDefault(SummaryKey) ?? all.Metadata[FirstSummaryKey],
                Precision = Enum.Parse<Precision>(all.Metadata[PrecisionKey]),
            };
            if (file.ImageNames.Count != file.Batch.Count)
            {
                throw new JsonException("names and images differ in number");
            }
        }
        catch (Exception exception) when (exception is KeyNotFoundException or JsonException or ArgumentException or InvalidOperationException or OverflowException or IndexOutOfRangeException)
        {
            throw new FileException($"{path}: its batch cannot be parsed ({exception.Message}); the file was damaged or edited.", exception) { Path = path };
        }

        DetectorOptions options = DetectorCheckpoint.ReadOptions(path);
        GflDetector model = new(options) { Precision = file.Precision };
        StateDict weights = new(all.Where(entry => !entry.Key.StartsWith(Prefix, StringComparison.Ordinal)));
        ImportReport report = CheckpointImporter.Load(model, weights, options.Classes, options.Classes, requireFinite: false);
        if (!report.IsComplete)
        {
            model.Dispose();
            throw new ModelException($"{path}: its weights do not match its own options; the file was damaged or edited.\n{report}");
        }

        return (model, file);
    }

    /// <summary>Returns an image of the batch without its padding.</summary>
    public RgbImage GetImage(int image)
    {
        (int width, int height) = (Batch.Frames[image].Width, Batch.Frames[image].Height);
        RgbImage picture = new(width, height);
        int plane = Batch.Width * Batch.Height;
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = picture.Row(y);
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    row[(3 * x) + c] = Batch.Pixels[(((image * 3) + c) * plane) + (y * Batch.Width) + x];
                }
            }
        }

        return picture;
    }

    private static TrainingBatch ReadBatch(StateDict all)
    {
        StateTensor pixels = ReadTensor("pixels", ElementType.U8);
        long[] shape = [.. pixels.Shape];
        long[] frames = ReadTensor("frames", ElementType.I64).Span<long>().ToArray();
        float[] boxes = ReadTensor("boxes", ElementType.F32).Span<float>().ToArray();
        long[] labels = ReadTensor("labels", ElementType.I64).Span<long>().ToArray();
        long[] owners = ReadTensor("owners", ElementType.I64).Span<long>().ToArray();
        if (shape.Length != 4 || shape[1] != 3 || frames.Length != 2 * shape[0] || owners.Length != labels.Length || boxes.Length != 4 * labels.Length)
        {
            throw new InvalidOperationException("its tensors do not match each other");
        }

        ResizeTransform[] places = [.. frames.Chunk(2).Select(pair => new ResizeTransform(checked((int)pair[0]), checked((int)pair[1])))];
        if (places.Any(place => place.Width < 1 || place.Width > shape[3] || place.Height < 1 || place.Height > shape[2]))
        {
            throw new InvalidOperationException("an image is larger than its tensor");
        }

        GroundTruth[] targets =
        [
            .. places.Select((place, image) =>
            {
                int[] mine = [.. Enumerable.Range(0, owners.Length).Where(i => owners[i] == image)];
                return new GroundTruth(
                    [.. mine.SelectMany(i => boxes[(4 * i)..(4 * (i + 1))])], [.. mine.Select(i => checked((int)labels[i]))], place.Width, place.Height);
            }),
        ];
        return new TrainingBatch(
            pixels.Data.ToArray(), checked((int)shape[3]), checked((int)shape[2]), places, targets, [.. Enumerable.Range(0, places.Length)]);

        StateTensor ReadTensor(string name, ElementType type) => all[Prefix + name] is { } tensor && tensor.Type == type
            ? tensor
            : throw new InvalidOperationException($"'{Prefix}{name}' has another type");
    }
}
