using System.Collections.Immutable;
using FocalSharp.Datasets.Formats.Coco;
using FocalSharp.Datasets.Formats.CreateMl;
using FocalSharp.Datasets.Formats.Cvat;
using FocalSharp.Datasets.Formats.Dota;
using FocalSharp.Datasets.Formats.FiftyOne;
using FocalSharp.Datasets.Formats.ImageFolder;
using FocalSharp.Datasets.Formats.Kitti;
using FocalSharp.Datasets.Formats.Labelbox;
using FocalSharp.Datasets.Formats.LabelMe;
using FocalSharp.Datasets.Formats.LabelStudio;
using FocalSharp.Datasets.Formats.OpenImages;
using FocalSharp.Datasets.Formats.Supervisely;
using FocalSharp.Datasets.Formats.TensorFlow;
using FocalSharp.Datasets.Formats.Ultralytics;
using FocalSharp.Datasets.Formats.Via;
using FocalSharp.Datasets.Formats.Voc;
using FocalSharp.Datasets.Formats.Yolo;

namespace FocalSharp.Datasets;

/// <summary>The data set formats: the built-in ones, and those a program registers. All members are thread-safe.</summary>
public static class DatasetFormats
{
    /// <summary>Gets COCO JSON: boxes <c>x, y, width, height</c> in pixels.</summary>
    public static IDatasetFormat Coco { get; } = new CocoFormat();

    /// <summary>Gets Pascal VOC XML: boxes <c>xmin, ymin, xmax, ymax</c> in pixels, 1-based and inclusive.</summary>
    public static IDatasetFormat Voc { get; } = new VocFormat();

    /// <summary>Gets YOLO text labels: boxes <c>cx, cy, width, height</c> as fractions of the image size.</summary>
    public static IDatasetFormat Yolo { get; } = new YoloFormat();

    // In probing order. Formats with one JSON file per image come before COCO, so that not every file is parsed twice; tables, which often
    // lie beside other annotations, come last.
    private static ImmutableArray<IDatasetFormat> s_all =
    [
        new DotaFormat(), // beside a data.yaml
        Yolo,
        Voc,
        new SuperviselyFormat(),
        new LabelMeFormat(),
        Coco,
        new CvatFormat(),
        new LabelStudioFormat(),
        new ViaFormat(),
        new CreateMlFormat(),
        new LabelboxFormat(),
        new UltralyticsFormat(),
        new FiftyOneFormat(),
        new ImageFolderFormat(),
        new OpenImagesFormat(),
        new TensorFlowCsvFormat(),
        new KittiFormat(),
    ];

    /// <summary>Gets all formats, in the order in which <see cref="DatasetReader"/> tries them: registered formats first.</summary>
    public static IReadOnlyList<IDatasetFormat> All => s_all;

    /// <summary>
    /// Adds a format for the whole process; it is tried before those registered earlier. To use a format in a single call, set
    /// <see cref="DatasetReadOptions.Formats"/> instead.
    /// </summary>
    /// <param name="format">The format.</param>
    /// <exception cref="ArgumentException">A format with this name exists.</exception>
    public static void Register(IDatasetFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        ImmutableInterlocked.Update(ref s_all, all => all.Any(known => HasName(known, format.Name))
            ? throw new ArgumentException($"A data set format named '{format.Name}' exists already. Choose another name.", nameof(format))
            : all.Insert(0, format));
    }

    /// <summary>Removes a format that <see cref="Register"/> added.</summary>
    /// <param name="format">The format.</param>
    /// <returns>Whether it was registered.</returns>
    public static bool Unregister(IDatasetFormat format) => ImmutableInterlocked.Update(ref s_all, all => all.Remove(format));

    /// <summary>Returns the format with a name, ignoring case.</summary>
    /// <param name="name">The name, for example <c>coco</c>.</param>
    /// <exception cref="OptionException">There is no format with this name; the message lists the names.</exception>
    public static IDatasetFormat Get(string name) => s_all.FirstOrDefault(format => HasName(format, name))
        ?? throw new OptionException(
            $"'{name}' is not a data set format.{Suggestions.DidYouMean(name, s_all.Select(format => format.Name))} Use one of: {string.Join(", ", s_all.Select(format => format.Name))}.")
        { OptionName = "format" };

    /// <summary>Returns whether a format is built in, but not one of the three in which most data sets are published.</summary>
    internal static bool IsOfLabelingTool(IDatasetFormat format) =>
        format != Coco && format != Voc && format != Yolo && format.GetType().Assembly == typeof(DatasetFormats).Assembly;

    private static bool HasName(IDatasetFormat format, string name) => string.Equals(format.Name, name, StringComparison.OrdinalIgnoreCase);
}
