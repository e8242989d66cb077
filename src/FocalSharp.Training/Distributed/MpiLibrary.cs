using System.Runtime.InteropServices;
using System.Text;

namespace FocalSharp.Training.Distributed;

/// <summary>The functions of a loaded MPI library that are used.</summary>
internal sealed unsafe class MpiLibrary
{
    /// <summary>The environment variable with the path of the MPI library, for those that are not found by name.</summary>
    public const string PathVariable = "FOCALSHARP_MPI";

    private const int MaxVersionLength = 8192; // MPI_MAX_LIBRARY_VERSION_STRING of MPICH and the standard ABI
    private const string StandardName = "mpi_abi";

    private readonly nint _library;

    private MpiLibrary(nint library, bool isStandard)
    {
        _library = library;
        Abi = MpiAbi.Find(library, isStandard);
    }

    /// <summary>Gets the predefined handles.</summary>
    public MpiAbi Abi { get; }

    /// <summary>Gets the name and version that the library reports.</summary>
    public string Name
    {
        get
        {
            byte[] text = new byte[MaxVersionLength];
            int length = 0;
            fixed (byte* start = text)
            {
                _ = ((delegate* unmanaged<byte*, int*, int>)Find("MPI_Get_library_version"))(start, &length);
            }

            string whole = Encoding.UTF8.GetString(text, 0, Math.Clamp(length, 0, text.Length)).Trim('\0', ' ', '\n');
            string[] words = whole.Split((char[])[' ', '\t', '\n', ','], StringSplitOptions.RemoveEmptyEntries);
            return string.Join(' ', words.Where(word => word != "Version:").Take(3));
        }
    }

    /// <summary>Loads the library that belongs to a launcher.</summary>
    /// <exception cref="TrainingException">There is none.</exception>
    public static MpiLibrary Load(Launcher launcher)
    {
        if (!Environment.Is64BitProcess)
        {
            throw new TrainingException("Training over several processes needs a 64-bit process.");
        }

        string? path = Environment.GetEnvironmentVariable(PathVariable);
        string[] names = path is { Length: > 0 } ? [path] : GetNames(launcher.IsOpenMpi);
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return new MpiLibrary(library, Path.GetFileName(name).Contains(StandardName, StringComparison.Ordinal));
            }
        }

        throw new TrainingException(
            $"This process is rank {launcher.Rank} of several, but no MPI library was found ({string.Join(", ", names)}). Install the runtime of the MPI "
            + $"whose mpirun was used (Debian: libmpich12 or libopenmpi3), or set {PathVariable} to the path of its library.");
    }

    /// <summary>Returns the address of a function.</summary>
    /// <exception cref="TrainingException">The library has no such function.</exception>
    public nint Find(string function) => NativeLibrary.TryGetExport(_library, function, out nint address)
        ? address
        : throw new TrainingException($"The MPI library has no function {function}. Set {PathVariable} to the library of an MPI 3 or later.");

    // Versioned names: the ones without a version belong to development packages. The launcher's own MPI comes first.
    private static string[] GetNames(bool isOpenMpi)
    {
        (string[] mpich, string[] open, string standard) = OperatingSystem.IsMacOS()
            ? ((string[])["libmpi.12.dylib", "libmpich.12.dylib"], (string[])["libmpi.40.dylib"], "libmpi_abi.0.dylib")
            : ((string[])["libmpich.so.12", "libmpi.so.12"], (string[])["libmpi.so.40"], "libmpi_abi.so.0");
        return isOpenMpi ? [.. open, standard, .. mpich] : [.. mpich, standard, .. open];
    }
}
