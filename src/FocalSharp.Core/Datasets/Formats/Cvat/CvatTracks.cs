using System.Globalization;
using System.Xml.Linq;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Reading.Shapes;

namespace FocalSharp.Datasets.Formats.Cvat;

/// <summary>
/// Collects the tracks of a video. CVAT exports the shape of every frame; where only keyframes are stated, boxes are interpolated linearly
/// between them, as CVAT shows them. Images are found by their frame: <c>frame_000012.png</c>, another name that ends with the number, or
/// else the order of the names.
/// </summary>
internal sealed class CvatTracks(string file, DatasetSource source, DatasetCollector collector)
{
    /// <summary>More frames than a day of video.</summary>
    public const int MaxFrames = 5_000_000;
    private const long MaxShapes = 20_000_000;

    private readonly SortedDictionary<int, List<(string? ClassName, EnclosingBox Box, string? Shapes)>> _frames = [];
    private readonly HashSet<int> _stated = [];
    private readonly Dictionary<string, int> _skipped = [];
    private bool _any;
    private long _shapes;

    /// <summary>Gets or sets the size of the frames.</summary>
    public ImageSize? Size { get; set; }

    /// <summary>Gets or sets the number of frames.</summary>
    public int FrameCount { get; set; }

    /// <summary>Gets or sets the number of the last frame of the video that is part of the task; tasks may skip frames.</summary>
    public int LastFrame { get; set; }

    /// <summary>Adds a track.</summary>
    public void Add(XElement track)
    {
        _any = true;
        string? className = track.Attribute("label")?.Value;
        (int Frame, EnclosingBox Box, string? Shapes)? previous = null;
        foreach (XElement shape in track.Elements().Where(shape => shape.Attribute("frame") is not null))
        {
            if (!int.TryParse(shape.Attribute("frame")!.Value, out int frame) || frame is < 0 or >= MaxFrames)
            {
                continue;
            }

            if (shape.Name.LocalName is "polyline" or "points" or "cuboid" or "skeleton")
            {
                _skipped[shape.Name.LocalName] = _skipped.GetValueOrDefault(shape.Name.LocalName) + 1;
                continue;
            }

            (EnclosingBox Box, string? Shapes)? found = CvatShapes.TryGetBox(shape);
            if (previous is { } before && found is { } now && frame > before.Frame + 1)
            {
                Interpolate(className, before, (frame, now.Box));
            }

            bool outside = shape.Attribute("outside")?.Value is "1" or "True" or "true";
            previous = found is { } shown && !outside ? (frame, shown.Box, shown.Shapes) : null;
            if (previous is { } current)
            {
                _ = _stated.Add(frame);
                AddToFrame(frame, className, current.Box, current.Shapes);
            }
        }
    }

    /// <summary>Adds the images of the frames.</summary>
    public void Complete()
    {
        if (!_any)
        {
            return;
        }

        foreach ((string type, int count) in _skipped)
        {
            for (int i = 0; i < count; i++)
            {
                collector.Raw.Shapes.AddSkipped(CvatShapes.GetPlural(type), collector.Show(file), null);
            }
        }

        int last = Math.Max(Math.Max(FrameCount - 1, LastFrame), _frames.Count > 0 ? _frames.Keys.Last() : -1);
        FrameFiles files = new(file, source, FrameCount, last);
        for (int frame = 0; frame <= last; frame++)
        {
            string? path = files.Find(frame);
            if (path is null && !_stated.Contains(frame))
            {
                continue; // a frame that was not extracted
            }

            _ = _frames.TryGetValue(frame, out List<(string? ClassName, EnclosingBox Box, string? Shapes)>? shapes);

            string name = path is null ? FrameFiles.GetName(frame) : Path.GetRelativePath(Path.GetDirectoryName(file)!, path);
            if (collector.AddImage(file, name, Size) is { } image)
            {
                for (int i = 0; i < (shapes?.Count ?? 0); i++)
                {
                    collector.AddShape(image, shapes![i].ClassName, shapes[i].Box, i, shapes[i].Shapes);
                }
            }
        }
    }

    private void Interpolate(string? className, (int Frame, EnclosingBox Box, string? Shapes) a, (int Frame, EnclosingBox Box) b)
    {
        for (int frame = a.Frame + 1; frame < b.Frame; frame++)
        {
            double t = (double)(frame - a.Frame) / (b.Frame - a.Frame);
            EnclosingBox box = new();
            box.Add(a.Box.X1 + (t * (b.Box.X1 - a.Box.X1)), a.Box.Y1 + (t * (b.Box.Y1 - a.Box.Y1)));
            box.Add(a.Box.X2 + (t * (b.Box.X2 - a.Box.X2)), a.Box.Y2 + (t * (b.Box.Y2 - a.Box.Y2)));
            AddToFrame(frame, className, box, a.Shapes);
        }
    }

    private void AddToFrame(int frame, string? className, in EnclosingBox box, string? shapes)
    {
        if (++_shapes > MaxShapes)
        {
            throw new InvalidDataException($"its tracks have more than {MaxShapes:N0} shapes");
        }

        if (!_frames.TryGetValue(frame, out List<(string? ClassName, EnclosingBox Box, string? Shapes)>? list))
        {
            _frames[frame] = list = [];
        }

        list.Add((className, box, shapes));
    }

    /// <summary>The images of the frames of one video.</summary>
    private sealed class FrameFiles
    {
        private readonly Dictionary<int, string> _byNumber = [];
        private readonly IReadOnlyList<string> _inOrder;

        public FrameFiles(string file, DatasetSource source, int frameCount, int last)
        {
            string folder = Path.GetDirectoryName(file)!;
            IReadOnlyList<string> images = source.Index.Value.ImagesIn(Path.Combine(folder, "images"));
            images = images.Count > 0 ? images : source.Index.Value.ImagesIn(folder);
            HashSet<int> repeated = [];
            foreach (string image in images)
            {
                string stem = Path.GetFileNameWithoutExtension(image);
                string digits = stem[(stem.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1)..];
                if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && !_byNumber.TryAdd(number, image))
                {
                    repeated.Add(number);
                }
            }

            bool numbered = _byNumber.Count == images.Count && repeated.Count == 0 && _byNumber.Keys.All(number => number <= last);
            _inOrder = !numbered && images.Count == frameCount ? images : [];
        }

        public static string GetName(int frame) => $"frame_{frame:000000}.png";

        public string? Find(int frame) => _inOrder.Count > 0 ? frame < _inOrder.Count ? _inOrder[frame] : null : _byNumber.GetValueOrDefault(frame);
    }
}
