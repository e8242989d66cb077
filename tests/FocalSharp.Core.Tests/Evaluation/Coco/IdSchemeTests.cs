using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Core.Tests.Evaluation.Coco;

/// <summary>One set of boxes has one AP, regardless of its ids and of the order in which it is listed.</summary>
public sealed class IdSchemeTests : IDisposable
{
    private const int Images = 5;
    private const int Classes = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("ids").FullName;

    private sealed record SceneBox(int Image, int Class, int X, int Y, int Width, int Height);

    private sealed record Scene(SceneBox[] Objects, SceneBox[] Found);

    /// <summary>How a file numbers things: each maps a position from 0 to a JSON id; null for no id.</summary>
    private sealed record Scheme(string Name, Func<int, JsonNode?> Annotation, Func<int, JsonNode> Image, Func<int, JsonNode> Category, int Seed);

    private static readonly (string Name, Func<int, JsonNode?> Id)[] AnnotationIds =
    [
        ("from 0", i => i), ("from 1", i => i + 1), ("sparse", i => (i * 1_000_003L) + 5), ("descending to 0", i => 1000 - i), ("text", i => $"ann-{i}"), ("none", _ => null),
    ];

    private static readonly (string Name, Func<int, JsonNode> Id)[] ImageIds =
    [
        ("from 0", i => i), ("from 1", i => i + 1), ("sparse", i => ((i * 7919L) % 101) + 20), ("number as text", i => $"{i + 1}"), ("text", i => $"scan {(char)('z' - i)}"),
    ];

    private static readonly (string Name, Func<int, JsonNode> Id)[] CategoryIds =
    [
        ("from 0", i => i), ("from 1", i => i + 1), ("gaps", i => 90 - (i * 13)), ("number as text", i => $"{i + 1}"), ("text", i => $"class-{i}"),
    ];

    private static Gen<SceneBox[]> Boxes { get; } =
        Gen.Select(Gen.Int[0, Images - 1], Gen.Int[0, Classes - 1], Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[8, 40], Gen.Int[8, 40], (i, c, x, y, w, h) => new SceneBox(i, c, x, y, w, h)).Array[1, 25];

    private static Gen<Scene> Scenes { get; } =
        from objects in Boxes
        from other in Boxes
        from shift in Gen.Int[0, 5]
        select new Scene(objects, [.. objects.Select(box => box with { X = box.X + shift }), .. other]);

    private static Gen<Scheme> Schemes { get; } =
        from annotation in Gen.Int[0, AnnotationIds.Length - 1]
        from image in Gen.Int[0, ImageIds.Length - 1]
        from category in Gen.Int[0, CategoryIds.Length - 1]
        from seed in Gen.Int[0, 1000]
        select new Scheme(
            $"annotations {AnnotationIds[annotation].Name}, images {ImageIds[image].Name}, categories {CategoryIds[category].Name}, order {seed}",
            AnnotationIds[annotation].Id, ImageIds[image].Id, CategoryIds[category].Id, seed);

    [Fact]
    public void Every_id_scheme_and_order_gives_one_AP() => Gen.Select(Scenes, Schemes).Sample(
        (scene, scheme) =>
        {
            double expected = Reference(scene);
            string truthPath = WriteTruth(scene, scheme);
            CocoGroundTruth truth = CocoGroundTruth.Read(truthPath);
            foreach ((string form, Func<SceneBox, JsonObject> keys) in ResultForms(scheme))
            {
                string results = WriteResults(scene, scheme, keys);
                double ap = CocoEvaluator.Evaluate(truth, CocoResults.Read(results, truth)).AP;
                Assert.True(Math.Abs(ap - expected) < 1e-9, $"{scheme.Name}, results with {form}: AP {ap}, not {expected}");
                File.Delete(results);
            }

            // The data set reader, as training and 'eval MODEL DATA' use it.
            DetectionDataset dataset = DatasetReader.Read(truthPath, new DatasetReadOptions { Format = DatasetFormats.Coco, RequireImages = false, VerifyImages = false });
            double read = CocoEvaluator.Evaluate(dataset, Detect(dataset, scene)).AP;
            Assert.True(Math.Abs(read - expected) < 1e-9, $"{scheme.Name}, read as a data set: AP {read}, not {expected}");
            string saved = Path.Combine(_folder, "saved.json");
            CocoResults.From(dataset, Detect(dataset, scene)).Write(saved);
            double again = CocoEvaluator.Evaluate(truth, CocoResults.Read(saved, truth)).AP;
            Assert.True(Math.Abs(again - expected) < 1e-9, $"{scheme.Name}, saved and read again: AP {again}, not {expected}");
            File.Delete(truthPath);
        },
        iter: 150, threads: 1);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Plain ids from 1, in the order of the scene, without any file.
    private static double Reference(Scene scene) => CocoEvaluator.Evaluate(
        new CocoGroundTruth(
            "scene",
            [.. Enumerable.Range(1, Images).Select(i => (long)i)],
            [.. Enumerable.Range(1, Classes).Select(c => new CocoCategory(c, NameOf(c - 1)))],
            scene.Objects.Select((box, i) => new CocoAnnotation(i + 1, box.Image + 1, box.Class + 1, BoxOf(box), BoxOf(box).Area, false))),
        new CocoResults("scene", scene.Found.Select((box, i) => new CocoResult(box.Image + 1, box.Class + 1, BoxOf(box), ScoreOf(i))))).AP;

    private static IEnumerable<(string, Func<SceneBox, JsonObject>)> ResultForms(Scheme scheme)
    {
        yield return ("the set's ids", box => new() { ["image_id"] = scheme.Image(box.Image), ["category_id"] = scheme.Category(box.Class) });
        yield return ("own ids, file and class names", box => new()
        {
            ["image_id"] = Images - box.Image,
            ["file_name"] = $"photos/{FileOf(box.Image)}",
            ["category_id"] = box.Class + 1,
            ["category_name"] = NameOf(box.Class),
        });
        yield return ("file name only", box => new() { ["file_name"] = FileOf(box.Image), ["category_id"] = scheme.Category(box.Class) });
        yield return ("file name without extension as id", box => new() { ["image_id"] = Path.GetFileNameWithoutExtension(FileOf(box.Image)), ["category_id"] = scheme.Category(box.Class) });
    }

    private string WriteTruth(Scene scene, Scheme scheme)
    {
        JsonObject[] images = [.. Enumerable.Range(0, Images).Select(i => new JsonObject { ["id"] = scheme.Image(i), ["file_name"] = FileOf(i), ["width"] = 100, ["height"] = 100 })];
        JsonObject[] categories = [.. Enumerable.Range(0, Classes).Select(c => new JsonObject { ["id"] = scheme.Category(c), ["name"] = NameOf(c) })];
        JsonObject[] annotations = [.. scene.Objects.Select((box, i) =>
        {
            JsonObject entry = new() { ["image_id"] = scheme.Image(box.Image), ["category_id"] = scheme.Category(box.Class), ["bbox"] = Numbers(box), ["area"] = box.Width * box.Height, ["iscrowd"] = 0 };
            if (scheme.Annotation(i) is { } id)
            {
                entry["id"] = id;
            }

            return entry;
        })];
        Random random = new(scheme.Seed);
        random.Shuffle(images);
        random.Shuffle(categories);
        random.Shuffle(annotations);
        JsonObject file = [];
        foreach ((string key, JsonObject[] list) in random.Next(2) == 0
            ? new[] { ("annotations", annotations), ("images", images), ("categories", categories) }
            : [("categories", categories), ("images", images), ("annotations", annotations)])
        {
            file[key] = new JsonArray([.. list]);
        }

        return Write(file);
    }

    private string WriteResults(Scene scene, Scheme scheme, Func<SceneBox, JsonObject> keys)
    {
        JsonObject[] entries = [.. scene.Found.Select((box, i) =>
        {
            JsonObject entry = keys(box);
            entry["bbox"] = Numbers(box);
            entry["score"] = ScoreOf(i);
            return entry;
        })];
        new Random(scheme.Seed + 1).Shuffle(entries);
        return Write(new JsonArray([.. entries]));
    }

    private static IReadOnlyList<IReadOnlyList<Detection>> Detect(DetectionDataset dataset, Scene scene) =>
    [
        .. dataset.Images.Select(image => scene.Found.Select((box, i) => (Box: box, Score: ScoreOf(i))).Where(found => FileOf(found.Box.Image) == image.FileName)
            .Select(found => new Detection(
                new(found.Box.X, found.Box.Y, found.Box.X + found.Box.Width, found.Box.Y + found.Box.Height),
                dataset.Classes.ToList().IndexOf(NameOf(found.Box.Class)), (float)found.Score, default)).ToArray()),
    ];

    private string Write(JsonNode json)
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, json.ToJsonString());
        return path;
    }

    private static JsonArray Numbers(SceneBox box) => [box.X, box.Y, box.Width, box.Height];

    private static CocoBox BoxOf(SceneBox box) => new(box.X, box.Y, box.Width, box.Height);

    private static string FileOf(int image) => string.Create(CultureInfo.InvariantCulture, $"img_{(char)('a' + image)}.jpg");

    private static string NameOf(int label) => $"kind {label}";

    // Distinct, and exact in single precision.
    private static double ScoreOf(int i) => 1 - (i / 64.0);
}
