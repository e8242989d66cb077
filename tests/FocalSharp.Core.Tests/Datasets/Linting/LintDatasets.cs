using System.Globalization;
using System.Text;
using FocalSharp.Boxes;
using FocalSharp.Core.Tests.Datasets.Files;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;

namespace FocalSharp.Core.Tests.Datasets.Linting;

/// <summary>A valid data set, and for each rule one that violates it.</summary>
internal static class LintDatasets
{
    private const int Images = 40;

    /// <summary>Forty images of 640x480 in two splits with five different objects each of two classes.</summary>
    public static DetectionDataset Valid() => new()
    {
        Name = "valid",
        Classes = ["cat", "dog"],
        CategoryIds = [1, 2],
        Images = [.. Enumerable.Range(0, Images).Select(Image)],
    };

    /// <summary>Fingerprints of unrelated images.</summary>
    public static ImageFingerprint[] Fingerprints(int count)
    {
        Random random = new(7);
        return [.. Enumerable.Range(0, count).Select(_ => Fingerprint(random))];
    }

    public static ImageFingerprint Fingerprint(Random random)
    {
        byte[] thumbnail = new byte[ImageFingerprint.ThumbnailSide * ImageFingerprint.ThumbnailSide];
        random.NextBytes(thumbnail);
        return new ImageFingerprint
        {
            Content = new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()),
            Hash = (ulong)random.NextInt64() ^ ((ulong)random.NextInt64() << 1),
            MirroredHash = (ulong)random.NextInt64() ^ ((ulong)random.NextInt64() << 1),
            Thumbnail = thumbnail,
            Contrast = 60,
        };
    }

    /// <summary>A data set that violates a rule, the number of violations, and fingerprints of its images.</summary>
    public static (DetectionDataset Set, int Count, ImageFingerprint[]? Prints, DatasetCheckOptions? Options) Broken(string id, TestFolder folder)
    {
        DetectionDataset set = Valid();
        ImageFingerprint[] prints = Fingerprints(Images);
        switch (id)
        {
            case "FS101": return (Read(folder, files: ["a.png"], images: [(1, "a.png", 100, 80), (2, "gone.png", 100, 80)], [Line(1, 1, 10, 10, 30, 30)]), 1, null, null);
            case "FS102":
                folder.Text("b.png", "hello");
                return (Read(folder, ["a.png"], [(1, "a.png", 100, 80), (2, "b.png", 100, 80)], [Line(1, 1, 10, 10, 30, 30)]), 1, null, null);
            case "FS103": return (Read(folder, ["a.png"], [(1, "a.png", 100, 80)], ["""{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3]}"""]), 1, null, null);
            case "FS104": return (Read(folder, ["a.png"], [(1, "a.png", 100, 80)], [Line(1, 1, 10, 10, 30, 30), Line(1, 1, 40, 40, 20, 20)]), 1, null, null);
            case "FS105": return (Read(folder, ["a.png"], [(1, "a.png", 100, 80), (2, "../b.png", 100, 80)], [Line(1, 1, 10, 10, 30, 30)]), 1, null, null);
            case "FS106": return (Read(folder, ["a.png"], [(1, "a.png", 50, 40)], [Line(1, 1, 10, 10, 30, 30)]), 1, null, null);
            case "FS107":
                folder.Bytes("a.jpg", ExifOrientationTests.Jpeg(100, 80, ExifOrientationTests.Exif(6, little: true)));
                return (Read(folder, [], [(1, "a.jpg", 100, 80)], [Line(1, 1, 10, 10, 80, 30)]), 1, null, null);
            case "FS108": return (With(set, 3, image => image with { Orientation = 6 }), 1, null, null);
            case "FS109":
                folder.Bytes("a.jpg", ExifOrientationTests.Jpeg(100, 80, ExifOrientationTests.Exif(6, little: true)));
                return (Read(folder, [], [(1, "a.jpg", 80, 100)], [Line(1, 1, 10, 10, 88, 30)]), 1, null, null);
            case "FS110": return (set, 1, With(prints, 5, print => print with { DecodeError = "the image ends too early" }), null);
            case "FS111": return (set, 1, With(prints, 5, print => print with { Contrast = 0.2 }), null);
            case "FS112": return (With(set, 3, image => image with { Width = 20, Objects = [] }), 1, null, null);
            case "FS113": return (With(set, 3, image => image with { Height = 100, Objects = [] }), 1, null, null);
            case "FS114":
                folder.Image("b.png");
                return (Read(folder, ["a.png"], [(1, "a.png", 100, 80)], [Line(1, 1, 10, 10, 30, 30)]), 1, null, null);
            case "FS115": return (set with { Problems = [new DatasetProblem(DatasetProblemKind.NonStandard, "a.json", null, null, "text")] }, 1, null, null);
            case "FS118":
                // "dog" in GB2312, without a declaration.
                folder.Image("a.png").Bytes("a.xml", [.. "<annotation><object><name>"u8, 0xB9, 0xB7, .. "</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>30</xmax><ymax>30</ymax></bndbox></object></annotation>"u8]);
                return (DatasetReader.Read(folder.Path), 1, null, null);
            case "FS116": return (set with { Problems = [new DatasetProblem(DatasetProblemKind.OrphanLabel, "a.json", null, null, "text")] }, 1, null, null);
            case "FS117": return (set with { Problems = [new DatasetProblem(DatasetProblemKind.MissingLabels, "a.json", null, null, "text")] }, 1, null, null);
            case "FS119": return (set, 1, With(prints, 5, print => print with { BitsPerSample = 16, BitsUsed = 12 }), null);
            case "FS120": return (set, 1, With(prints, 5, print => print with { PageCount = 3 }), null);
            case "FS121":
                folder.Image("._a.png");
                return (Read(folder, ["a.png"], [(1, "a.png", 100, 80)], [Line(1, 1, 10, 10, 30, 30)]), 1, null, null);
            case "FS122":
                folder.Text("clip.mp4", "\0\0\0\u0018ftypmp42");
                return (Read(folder, ["a.png"], [(1, "a.png", 100, 80)], [Line(1, 1, 10, 10, 30, 30)]), 1, null, null);
            case "FS123":
                folder.Image("b.png").Text("b.xml", "<annotation/>");
                return (Read(folder, ["a.png"], [(1, "a.png", 100, 80)], [Line(1, 1, 10, 10, 30, 30)]), 1, null, null);
            case "FS201": return (Read(folder, ["a.png"], [(1, "a.png", 100, 80)], [Line(1, 1, 10, 10, 0, 30)]), 1, null, null);
            case "FS202": return (Read(folder, ["a.png"], [(1, "a.png", 100, 80)], [Line(1, 1, 80, 10, 40, 30)]), 1, null, null);
            case "FS203": return (Read(folder, ["a.png"], [(1, "a.png", 100, 80)], ["""{"id": 1, "image_id": 1, "category_id": 1, "bbox": [NaN, 2, 3, 4]}"""]), 1, null, null);
            case "FS204": return (Read(folder, ["a.png"], [(1, "a.png", 100, 80)], [Line(1, 1, 40, 10, -30, 30)]), 1, null, null);
            case "FS205":
                // Corners where width and height belong: x + x2 leaves the image in each.
                string[] corners = [.. Enumerable.Range(0, 20).Select(i => Line(i + 1, 1, 50 + i, 40, 80 + i, 70))];
                return (Read(folder, ["a.png"], [(1, "a.png", 100, 80)], corners), 20, null, null);
            case "FS206": return (With(set, 3, image => image with { Objects = [.. image.Objects, image.Objects[1] with { Box = image.Objects[1].Box.Translate(1, 0) }] }), 1, null, null);
            case "FS207": return (With(set, 3, image => image with { Objects = [.. image.Objects, image.Objects[1] with { Label = 1 - image.Objects[1].Label }] }), 1, null, null);
            case "FS208": return (With(set, 3, image => image with { Objects = [Object(0, new Box(0, 0, 639, 479))] }), 1, null, null);
            case "FS209": return (With(set, 3, image => image with { Objects = [.. image.Objects.Skip(1), Object(0, new Box(10, 10, 410, 30))] }), 1, null, null);
            case "FS210": return (With(set, 3, image => image with { Objects = [.. image.Objects.Skip(1), Object(0, new Box(10, 10, 14, 14))] }), 1, null, null);
            case "FS211": return (With(set, 3, image => image with { Objects = [.. image.Objects.Skip(2), image.Objects[0] with { Area = 0 }, image.Objects[1] with { Area = 1e6 }] }), 2, null, null);
            case "FS212": return (With(set, 3, image => image with { Objects = [.. Enumerable.Range(0, 101).Select(i => Object(0, new Box(i * 5, 0, (i * 5) + 60, 70)))] }), 1, null, null);
            case "FS213": return (With(set, 3, image => image with { Objects = set.Images[7].Objects }), 1, null, null);
            case "FS214": return (Read(folder, ["a.png"], [(1, "a.png", 100, 80)], ["""{"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[1, 2, 30, 2, 30, 40]]}"""]), 1, null, null);
            case "FS215":
                folder.Image("a.png").Text("a.json", """{"imagePath": "a.png", "shapes": [{"label": "cat", "shape_type": "line", "points": [[1, 2], [3, 4]]}, {"label": "cat", "shape_type": "rectangle", "points": [[1, 2], [30, 40]]}]}""");
                return (DatasetReader.Read(folder.Path), 1, null, null);
            case "FS216": return (Read(folder, ["a.png"], [(1, "a.png", 100, 80)], [Line(0, 1, 10, 10, 30, 30), Line(1, 1, 40, 40, 20, 20)]), 1, null, null);
            case "FS301": return (Read(folder, ["a.png"], [(1, "a.png", 100, 80)], [Line(1, 77, 10, 10, 30, 30), Line(2, 1, 40, 40, 20, 20)]), 1, null, null);
            case "FS302":
                // Categories 1 and 2, objects of 0 and 1.
                return (Read(folder, ["a.png"], [(1, "a.png", 100, 80)], [Line(1, 0, 10, 10, 30, 30), Line(2, 1, 40, 40, 20, 20)]), 2, null, null);
            case "FS303": return (OnlyFirst(set, 1, image => image.Id == 9), 1, null, null);
            case "FS304": return (set with { Classes = ["cat", "dog", "animals"], CategoryIds = [1, 2, 3] }, 1, null, null);
            case "FS305": return (OnlyFirst(set, 1, image => image.Split == DatasetSplit.Val), 1, null, null);
            case "FS306": return (OnlyFirst(set, 1, image => image.Split == DatasetSplit.Train), 1, null, null);
            case "FS307": return (OnlyFirst(set, 1, image => image.Id is 9 or 31), 1, null, null);
            case "FS308": return (set with { Classes = ["traffic light", "Traffic-Lights"] }, 1, null, null);
            case "FS309": return (With(set, 3, image => image with { Objects = [] }), 1, null, null);
            case "FS401": return (set, 1, With(prints, 35, _ => prints[2]), null);
            case "FS402": return (set, 1, With(prints, 35, _ => prints[2] with { Content = 5, Hash = prints[2].Hash ^ 0b1001 }), null);
            case "FS403": return (set, 1, With(prints, 8, _ => prints[2]), null);
            case "FS404": return (set, 1, With(prints, 8, _ => prints[2] with { Content = 5, Hash = prints[2].Hash ^ 0b1001 }), null);
            case "FS405": return (set, 1, With(prints, 8, _ => prints[2]), null);
            case "FS406": return (With(With(set, 2, image => image with { FileName = "a_jpg.rf.01ab.jpg" }), 35, image => image with { FileName = "a_jpg.rf.77cd.jpg" }), 1, null, null);
            case "FS407": return (set with { Images = [.. set.Images.Select(image => image with { Split = DatasetSplit.Train })] }, 1, null, null);
            case "FS408": return (set with { Images = [.. set.Images.Take(35)] }, 1, null, null);
            case "FS409": return (set with { Images = [.. set.Images.Select(image => image.Split == DatasetSplit.Train ? image : image with { Objects = [.. image.Objects.Select(item => item with { Label = 1 })] })] }, 1, null, null);
            case "FS410": return (set with { Problems = [new DatasetProblem(DatasetProblemKind.MissingSplit, "a.json", null, null, "text")] }, 1, null, null);
            case "FS411": return (set with { Problems = [new DatasetProblem(DatasetProblemKind.SharedSplit, "a.json", null, null, "text")] }, 1, null, null);
            case "FS412": return (set with { Problems = [new DatasetProblem(DatasetProblemKind.UnknownSplit, "a.json", null, null, "text")] }, 1, null, null);
            case "FS501":
                // 400x80 at the size of 640: half the width is 200 px, and the level of stride 16 (anchor 128) reaches 16 * 10.
                return (With(set, 3, image => image with { Objects = [Object(0, new Box(10, 10, 410, 70))] }), 1, null, new DatasetCheckOptions { InputSize = 640, RegMax = 10 });
            case "FS502":
                // 6 px at half the size lies between two multiples of 8.
                return (With(set, 3, image => image with { Objects = [Object(0, new Box(34, 34, 46, 46))] }), 1, null, null);
            case "FS503": return (With(set, null, image => image with { Objects = [Object(0, new Box(32, 32, 56, 56))] }), Images, null, null);
            default: throw new ArgumentException($"no broken set for {id}", nameof(id));
        }
    }

    private static DatasetImage Image(int i) => new()
    {
        Id = i + 1,
        FileName = $"{i}.png",
        Path = $"/absent/{i}.png",
        Width = 640,
        Height = 480,
        Split = i < 28 ? DatasetSplit.Train : DatasetSplit.Val,
        Objects = [.. Enumerable.Range(0, 5).Select(k => Object((i + k) % 2, Box.FromXywh(10 + (k * 120) + (i % 7), 20 + (7 * i), 70 + (i % 5) + (10 * k), 80 + (i % 3))))],
    };

    private static ObjectAnnotation Object(int label, Box box) => new() { Label = label, Box = box, Area = (double)box.Width * box.Height };

    private static DetectionDataset With(DetectionDataset set, int? index, Func<DatasetImage, DatasetImage> change) =>
        set with { Images = [.. set.Images.Select((image, i) => index is null || i == index ? change(image) : image)] };

    private static ImageFingerprint[] With(ImageFingerprint[] prints, int index, Func<ImageFingerprint, ImageFingerprint> change) =>
        [.. prints.Select((print, i) => i == index ? change(print) : print)];

    /// <summary>Keeps a class's objects in some images alone.</summary>
    private static DetectionDataset OnlyFirst(DetectionDataset set, int label, Func<DatasetImage, bool> where) =>
        With(set, null, image => where(image) ? image : image with { Objects = [.. image.Objects.Where(item => item.Label != label)] });

    private static string Line(int id, int category, double x, double y, double width, double height) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"id": {{id}}, "image_id": 1, "category_id": {{category}}, "bbox": [{{x}}, {{y}}, {{width}}, {{height}}]}""");

    private static DetectionDataset Read(TestFolder folder, string[] files, (int Id, string Name, int Width, int Height)[] images, string[] annotations)
    {
        foreach (string file in files)
        {
            folder.Image(file);
        }

        StringBuilder json = new();
        json.Append("{\"images\": [").AppendJoin(", ", images.Select(image =>
            $$"""{"id": {{image.Id}}, "file_name": "{{image.Name}}", "width": {{image.Width}}, "height": {{image.Height}}}"""));
        json.Append("], \"categories\": [{\"id\": 1, \"name\": \"cat\"}, {\"id\": 2, \"name\": \"dog\"}], \"annotations\": [").AppendJoin(", ", annotations).Append("]}");
        folder.Text("set.json", json.ToString());
        return DatasetReader.Read(folder["set.json"], new DatasetReadOptions { AllowWrongLayout = true });
    }
}
